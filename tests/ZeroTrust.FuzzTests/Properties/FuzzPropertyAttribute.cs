using System.Runtime.CompilerServices;
using FsCheck.Xunit;

namespace ZeroTrust.FuzzTests.Properties;

/// <summary>A property over the same cases every time, so that a test run tells what changed; with <c>ZEROTRUST_FUZZ=1</c> over new ones.</summary>
public sealed class FuzzPropertyAttribute : PropertyAttribute
{
    private const string ExploreVariable = "ZEROTRUST_FUZZ";
    private const string FixedSeed = "20260601,7";

    public FuzzPropertyAttribute([CallerFilePath] string? sourceFilePath = null, [CallerLineNumber] int sourceLineNumber = -1)
    {
        QuietOnSuccess = true;
        if (Environment.GetEnvironmentVariable(ExploreVariable) != "1")
        {
            Replay = FixedSeed;
        }
    }
}

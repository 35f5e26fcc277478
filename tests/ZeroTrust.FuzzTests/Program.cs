using Xunit.MicrosoftTestingPlatform;
using Xunit.Runner.InProc.SystemConsole;
using ZeroTrust.FuzzTests.Differential;
using ZeroTrust.FuzzTests.Fuzzing;

namespace ZeroTrust.FuzzTests;

internal static class Program
{
    /// <summary>
    /// <c>fuzz certificate|crl [--libfuzzer]</c>, <c>seeds folder</c> and <c>differential [--chains n] [--seed n] [--only n] [--show code]</c> are ours;
    /// all else goes to the test runner.
    /// </summary>
    public static async Task<int> Main(string[] args) => args switch
    {
        ["fuzz", .. var rest] => FuzzCommand.Run(rest),
        ["seeds", var folder] => SeedsCommand.Run(folder),
        ["differential", .. var rest] => DifferentialCommand.Run(rest),
        _ when args.Any(argument => argument is "--server" or "--internal-msbuild-node") =>
            await TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions),
        _ => await ConsoleRunner.Run(args),
    };
}

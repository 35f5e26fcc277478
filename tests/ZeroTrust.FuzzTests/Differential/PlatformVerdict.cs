using System.Security.Cryptography.X509Certificates;

namespace ZeroTrust.FuzzTests.Differential;

/// <summary>What the platform says of a chain.</summary>
/// <param name="IsAccepted">Whether it accepts it.</param>
/// <param name="Status">What it objects to; <see cref="NotJudged"/> when it cannot even judge it.</param>
/// <param name="Error">Why it cannot judge it.</param>
internal sealed record PlatformVerdict(bool IsAccepted, X509ChainStatusFlags Status, string? Error = null)
{
    /// <summary>A flag the platform does not use.</summary>
    public const X509ChainStatusFlags NotJudged = (X509ChainStatusFlags)(1 << 29);

    public static PlatformVerdict Failed(string? error) => new(IsAccepted: false, NotJudged, error);

    public override string ToString() => IsAccepted ? "accepted" : Error ?? Status.ToString();
}

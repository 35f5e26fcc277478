using ZeroTrust.Mtls;

namespace ZeroTrust.Tool.Verify;

/// <summary>What is verified, and against what.</summary>
internal sealed record VerifyRequest(string CertificateFile, IReadOnlyList<string> CaFiles)
{
    public PeerRole Role { get; init; } = PeerRole.Client;

    /// <summary>The trust domain the CA files speak for; null takes the leaf's own.</summary>
    public TrustDomain? TrustDomain { get; init; }

    /// <summary>Who it has to be; null asks nothing.</summary>
    public WorkloadId? Expected { get; init; }

    public IReadOnlyList<string> CrlFiles { get; init; } = [];

    public TimeSpan? MaxLeafLifetime { get; init; }

    public DateTimeOffset At { get; init; }
}

using ZeroTrust.Mtls;
using ZeroTrust.Tool.Service;

namespace ZeroTrust.Tool.Verify;

/// <summary>What is verified, and against what: a service's settings, or files of anchors.</summary>
internal sealed record VerifyRequest
{
    /// <summary>What the peer presents; null where that is told by <see cref="PeerSettings"/>.</summary>
    public string? CertificateFile { get; init; }

    /// <summary>The peer's own settings, of which its credential is read.</summary>
    public ServiceSettings? PeerSettings { get; init; }

    public ServiceSettings? Settings { get; init; }

    /// <summary>The listener of <see cref="Settings"/> that the peer connects to.</summary>
    public string? Listener { get; init; }

    /// <summary>The server of <see cref="Settings"/> that the peer is.</summary>
    public string? Server { get; init; }

    public IReadOnlyList<string> CaFiles { get; init; } = [];

    public PeerRole Role { get; init; } = PeerRole.Client;

    /// <summary>The trust domain the CA files speak for; null takes the leaf's own.</summary>
    public TrustDomain? TrustDomain { get; init; }

    /// <summary>Who it has to be; null asks nothing.</summary>
    public WorkloadId? Expected { get; init; }

    public IReadOnlyList<string> CrlFiles { get; init; } = [];

    public TimeSpan? MaxLeafLifetime { get; init; }

    public DateTimeOffset At { get; init; }
}

using ZeroTrust.Mtls.Internal;

namespace ZeroTrust.Mtls;

/// <summary>Everything a decision about a peer rests on, at one moment. Immutable; two decisions compare by the reference or the epoch.</summary>
public sealed class TrustSnapshot
{
    internal TrustSnapshot(long epoch, TrustBundleSet bundles, TrustDomain localTrustDomain, TimeSpan clockSkew)
    {
        Epoch = epoch;
        Bundles = bundles;
        LocalTrustDomain = localTrustDomain;
        ClockSkew = clockSkew;
    }

    /// <summary>Counts the snapshots of one <see cref="PeerVerifier"/>, from 1.</summary>
    public long Epoch { get; }

    /// <summary>The trusted trust domains, and who is denied.</summary>
    public TrustBundleSet Bundles { get; }

    /// <summary>The own trust domain, whose anchors also judge peers known by a DNS name.</summary>
    public TrustDomain LocalTrustDomain { get; }

    /// <summary>How far clocks may differ.</summary>
    public TimeSpan ClockSkew { get; }

    internal KnownPeers Known { get; } = new();
}

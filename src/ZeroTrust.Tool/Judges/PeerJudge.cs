using ZeroTrust.Mtls;
using ZeroTrust.X509;

namespace ZeroTrust.Tool.Judges;

/// <summary>Who decides about a peer, and by what.</summary>
internal abstract class PeerJudge
{
    /// <summary>The part the peer plays.</summary>
    public abstract PeerRole Role { get; }

    public abstract TimeSpan ClockSkew { get; }

    /// <summary>What the service would log as a warning at its start; empty where no settings were given.</summary>
    public virtual IReadOnlyList<string> Notes => [];

    /// <summary>The listener or the server; null where no settings were given.</summary>
    public virtual string? Place => null;

    /// <summary>The partner's server, by its name and its entry; null where a trust domain judges the peer.</summary>
    public virtual string? Partner => null;

    public abstract Verdict<VerifiedPeer> Decide(IReadOnlyList<byte[]> presented);

    /// <summary>The trust domain that judges the leaf.</summary>
    public abstract TrustDomain DomainOf(Certificate? leaf);

    /// <summary>What judges the trust domain's leaves; null where it is not trusted.</summary>
    public abstract TrustBundle? BundleOf(TrustDomain domain);

    /// <summary>What was asked about the peer's identity, and with which result.</summary>
    public abstract string IdentityText(VerifiedPeer peer);

    /// <summary>What was asked of the deny-list.</summary>
    public virtual string DenialText => "no deny-list was given";

    /// <summary>The setting that decides where this code is the answer; null where none does.</summary>
    public virtual string? SettingOf(string code, TrustDomain domain) => null;

    /// <summary>Why the listener or client has no entry for the peer; null where that was not asked or is not why.</summary>
    public virtual string? MissingRule(Rejection rejection) => null;

    protected static TrustDomain? SpiffeDomainOf(Certificate? leaf) =>
        leaf?.UriNames is [var uri] && SpiffeId.TryParse(uri, out var id) ? id.TrustDomain : null;
}

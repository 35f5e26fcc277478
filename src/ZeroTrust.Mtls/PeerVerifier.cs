using System.Diagnostics.Metrics;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using ZeroTrust.Mtls.Diagnostics;
using ZeroTrust.Mtls.Internal;
using ZeroTrust.Mtls.Sources;
using ZeroTrust.Shared;
using ZeroTrust.X509;

namespace ZeroTrust.Mtls;

/// <summary>Decides whether a peer is who its certificates say, by the current trust and the current time. Thread safe.</summary>
public sealed class PeerVerifier : IPeerJudge
{
    private readonly ITrustBundleSource _bundles;
    private readonly TimeProvider _time;
    private readonly TrustDomain _localTrustDomain;
    private readonly PartnerRules? _partner;
    private readonly TimeSpan _clockSkew;
    private readonly MtlsMetrics _metrics;
    private readonly BoundedCalls _measurements = new(static _ => { });
    private readonly Lock _lock = new();
    private TrustSnapshot? _snapshot;

    /// <summary>Creates a verifier.</summary>
    /// <param name="bundles">The trusted anchors.</param>
    /// <param name="options">The own trust domain and the clock skew.</param>
    /// <param name="time">The time of every decision.</param>
    /// <param name="meterFactory">Makes the meter <c>ZeroTrust.Mtls</c>; null for no metrics.</param>
    public PeerVerifier(ITrustBundleSource bundles, IOptions<MtlsOptions> options, TimeProvider time, IMeterFactory? meterFactory = null)
    {
        ArgumentNullException.ThrowIfNull(bundles);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        _bundles = bundles;
        _time = time;
        _clockSkew = options.Value.ClockSkew;
        _metrics = new MtlsMetrics(meterFactory);

        // Without an own trust domain, peers known by a DNS name are refused; the options say so at start.
        _localTrustDomain = TrustDomain.TryParse(options.Value.TrustDomain, out var local) ? local : default;
    }

    /// <summary>Creates the verifier of a partner's server, which judges nobody else.</summary>
    internal PeerVerifier(PartnerTrust trust, PartnerRules partner, MtlsOptions options, TimeProvider time, IMeterFactory? meterFactory)
        : this(trust, Options.Create(options), time, meterFactory)
    {
        _partner = partner;
        _localTrustDomain = partner.Domain;
    }

    /// <summary>The current trust. A new one, with the next epoch, appears as soon as the source publishes other bundles.</summary>
    public TrustSnapshot Snapshot
    {
        get
        {
            var bundles = _bundles.GetBundles();
            var snapshot = Volatile.Read(ref _snapshot);
            return snapshot is not null && ReferenceEquals(snapshot.Bundles, bundles) ? snapshot : Advance();
        }
    }

    /// <summary>A token that fires once, when other trust is current.</summary>
    /// <remarks>Take the next token before looking at <see cref="Snapshot"/>, or a change between the two is missed.</remarks>
    public IChangeToken GetReloadToken() => _bundles.GetReloadToken();

    /// <summary>Verifies certificates: names, usage, lifetime, and a path to an anchor of the trust domain (RFC 5280 section 6).</summary>
    /// <param name="certificates">What the peer presented.</param>
    /// <param name="role">The part the peer plays.</param>
    /// <returns>
    /// The proof, or the rule that was broken: <c>mtls.*</c>, or <c>x509.*</c> for certificates and their path. Never throws for what the
    /// peer presented.
    /// </returns>
    /// <remarks>
    /// The same certificates, accepted before by the same trust and still valid, get the same proof without another verification.
    /// </remarks>
    public Verdict<VerifiedPeer> Verify(PeerCertificates certificates, PeerRole role) => Verify(certificates, role, parsed: []);

    /// <summary>
    /// Whether an earlier proof still holds: at once while trust and validity have not moved, else by verifying in full again.
    /// </summary>
    /// <param name="peer">The earlier proof.</param>
    /// <returns>The same proof, a newer one to keep in its place, or the rule that is broken now.</returns>
    public Verdict<VerifiedPeer> Recheck(VerifiedPeer peer)
    {
        ArgumentNullException.ThrowIfNull(peer);
        try
        {
            return !ReferenceEquals(peer.Snapshot, Snapshot) || !IsValid(peer)
                ? VerifyAgain(peer)
                : CheckStaleness(peer.TrustDomain) is { } stale ? stale : peer;
        }
        catch (Exception exception)
        {
            return MtlsRejections.Refuse(MtlsRejectionReason.VerificationFailed, exception.ToString());
        }
    }

    Verdict<VerifiedPeer> IPeerJudge.Verify(PeerCertificates certificates, PeerRole role, IReadOnlyList<X509Certificate2> parsed) =>
        Verify(certificates, role, parsed);

    private Verdict<VerifiedPeer> Verify(PeerCertificates certificates, PeerRole role, IReadOnlyList<X509Certificate2> parsed)
    {
        ArgumentNullException.ThrowIfNull(certificates);
        var started = _time.GetTimestamp();
        var verdict = VerifyCore(certificates, role, parsed);
        _metrics.Verified(role, verdict.Rejection, _time.GetElapsedTime(started));
        return verdict;
    }

    // By whom connections are cut, too, which waits for no meter listener.
    private Verdict<VerifiedPeer> VerifyAgain(VerifiedPeer peer)
    {
        var started = _time.GetTimestamp();
        var verdict = VerifyCore(peer.Certificates, peer.Role, parsed: []);
        var elapsed = _time.GetElapsedTime(started);
        _measurements.Run(() => _metrics.Verified(peer.Role, verdict.Rejection, elapsed));
        return verdict;
    }

    private static Verdict<Certificate> Read(ReadOnlyMemory<byte> der, IReadOnlyList<X509Certificate2> parsed)
    {
        foreach (var platform in parsed)
        {
            if (platform.RawDataMemory.Span.SequenceEqual(der.Span))
            {
                return Certificate.From(platform);
            }
        }

        return Certificate.Read(der);
    }

    /// <summary>What cannot be read does not know where it stood: the place is told here.</summary>
    private static Rejection At(int position, int count, Rejection unreadable)
    {
        var place = $"Certificate {position} of {count} as sent{(position == 1 ? ", the leaf" : string.Empty)}";
        return new Rejection(unreadable.Code, $"{place}: {unreadable.Detail}", unreadable.Kind)
        {
            Expected = unreadable.Expected,
            Presented = unreadable.Presented,
            At = unreadable.At,
        };
    }

    // Taken from the time, since 9999-12-31 is the end of certificates that have none (RFC 5280 section 4.1.2.5).
    private bool IsValid(VerifiedPeer peer) => _time.GetUtcNow() - _clockSkew <= peer.ValidUntil;

    private Verdict<VerifiedPeer> VerifyCore(PeerCertificates certificates, PeerRole role, IReadOnlyList<X509Certificate2> parsed)
    {
        try
        {
            var snapshot = Snapshot;
            if (snapshot.Known.Find(certificates, role) is { } known && IsValid(known))
            {
                return CheckStaleness(known.TrustDomain) is { } stale ? stale : known;
            }

            if (!Read(certificates.LeafDer, parsed).TryGet(out var leaf, out var rejection))
            {
                return At(1, certificates.IntermediatesDer.Count + 1, rejection);
            }

            if (!VerifyLeaf(leaf, certificates, role, parsed, snapshot).TryGet(out var peer, out rejection))
            {
                return rejection;
            }

            snapshot.Known.Add(peer);
            return peer;
        }
        catch (Exception exception)
        {
            return MtlsRejections.Refuse(MtlsRejectionReason.VerificationFailed, exception.ToString());
        }
    }

    private Verdict<VerifiedPeer> VerifyLeaf(
        Certificate leaf, PeerCertificates certificates, PeerRole role, IReadOnlyList<X509Certificate2> parsed, TrustSnapshot snapshot)
    {
        var purpose = LeafRules.PurposeOf(role);
        var names = new SubjectNames(leaf);
        if ((_partner is null ? LeafRules.CheckWorkload(leaf, names, purpose) : CheckPartner(_partner, names, role)) is { } unfit)
        {
            return unfit;
        }

        // Only the anchors of the leaf's own trust domain may judge it: no authority speaks for another domain's workloads.
        var trustDomain = names.SpiffeId?.TrustDomain ?? snapshot.LocalTrustDomain;
        if (!snapshot.Bundles.TryGet(trustDomain, out var bundle))
        {
            return MtlsRejections.Refuse(MtlsRejectionReason.TrustDomainUnknown, "The trust domain has no bundle here.", presented: trustDomain.ToString());
        }

        if (CheckStaleness(trustDomain) is { } stale)
        {
            return stale;
        }

        var lifetimeSetting = _partner?.LifetimeSetting ?? LeafRules.LifetimeSettingOf(trustDomain);
        if (LeafRules.CheckLifetime(leaf, bundle.MaxLeafLifetime, lifetimeSetting, _time.GetUtcNow()) is { } tooLong)
        {
            return tooLong;
        }

        var intermediates = new Certificate[certificates.IntermediatesDer.Count];
        for (var i = 0; i < intermediates.Length; i++)
        {
            if (!Read(certificates.IntermediatesDer[i], parsed).TryGet(out var intermediate, out var unreadable))
            {
                return At(i + 2, intermediates.Length + 1, unreadable);
            }

            intermediates[i] = intermediate;
        }

        var policy = bundle.Policy with { Purpose = purpose, ClockSkew = snapshot.ClockSkew };
        policy = _partner?.Narrow(policy) ?? policy;
        if (!snapshot.Bundles.ValidatorOf(bundle).Validate(leaf, intermediates, policy, _time.GetUtcNow()).TryGet(out var path, out var rejection))
        {
            return rejection;
        }

        // Asked of the proved name alone, so that nobody is reported as a workload that others claim to be.
        var proved = _partner is null ? names.Workload : null;
        return proved is { } workload && snapshot.Bundles.Denied.Denies(workload)
            ? MtlsRejections.Refuse(MtlsRejectionReason.WorkloadDenied, "The workload is on the deny-list.", presented: workload.ToString())
            : new VerifiedPeer(certificates, role, snapshot)
            {
                Workload = proved,
                TrustDomain = trustDomain,
                DnsNames = names.DnsNames,
                UriNames = names.UriNames,
                NotAfter = leaf.NotAfter,
                ValidUntil = path.ValidUntil,
            };
    }

    // Files that nobody looks at any more may have withdrawn what this rests on.
    internal Rejection? CheckStaleness(TrustDomain domain) => _bundles switch
    {
        FileTrustBundleSource files => files.CheckStaleness(domain),
        PartnerTrust partner => partner.CheckStaleness(),
        _ => null,
    };

    private static Rejection? CheckPartner(PartnerRules partner, SubjectNames names, PeerRole role) => role == PeerRole.Server
        ? partner.CheckNames(names)
        : throw new ArgumentOutOfRangeException(nameof(role), role, "A partner is trusted as a server alone.");

    private TrustSnapshot Advance()
    {
        lock (_lock)
        {
            var bundles = _bundles.GetBundles();
            if (_snapshot is null || !ReferenceEquals(_snapshot.Bundles, bundles))
            {
                Volatile.Write(ref _snapshot, new TrustSnapshot((_snapshot?.Epoch ?? 0) + 1, bundles, _localTrustDomain, _clockSkew));
            }

            return _snapshot!;
        }
    }
}

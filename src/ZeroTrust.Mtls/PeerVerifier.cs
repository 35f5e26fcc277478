using System.Diagnostics.Metrics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Options;
using ZeroTrust.Mtls.Diagnostics;
using ZeroTrust.Mtls.Internal;

namespace ZeroTrust.Mtls;

/// <summary>Decides whether a peer is who its certificates say, by the current trust and the current time. Thread safe.</summary>
public sealed class PeerVerifier
{
    private readonly ITrustBundleSource _bundles;
    private readonly TimeProvider _time;
    private readonly TrustDomain _localTrustDomain;
    private readonly TimeSpan _clockSkew;
    private readonly MtlsMetrics _metrics;
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

    /// <summary>Verifies certificates in full: names, path, usage, strength and validity.</summary>
    /// <param name="certificates">What the peer presented.</param>
    /// <param name="role">The part the peer plays.</param>
    /// <returns>The proof, or the first rule that was broken. Never throws for what the peer presented.</returns>
    public Verdict<VerifiedPeer> Verify(PeerCertificates certificates, PeerRole role)
    {
        ArgumentNullException.ThrowIfNull(certificates);
        var started = _time.GetTimestamp();
        var verdict = VerifyCore(certificates, role);
        _metrics.Verified(role, verdict.Rejection, _time.GetElapsedTime(started));
        return verdict;
    }

    /// <summary>Whether an earlier proof still holds: at once while trust and validity have not moved, else by verifying in full again.</summary>
    /// <param name="peer">The earlier proof.</param>
    /// <returns>The same proof, a newer one to keep in its place, or the rule that is broken now.</returns>
    public Verdict<VerifiedPeer> Recheck(VerifiedPeer peer)
    {
        ArgumentNullException.ThrowIfNull(peer);
        return ReferenceEquals(peer.Snapshot, Snapshot) && _time.GetUtcNow() <= peer.ValidUntil + _clockSkew
            ? peer
            : Verify(peer.Certificates, peer.Role);
    }

    private Verdict<VerifiedPeer> VerifyCore(PeerCertificates certificates, PeerRole role)
    {
        try
        {
            using var leaf = X509CertificateLoader.LoadCertificate(certificates.LeafDer.Span);
            return VerifyLeaf(leaf, certificates, role, Snapshot);
        }
        catch (CryptographicException exception)
        {
            return MtlsRejections.Refuse(MtlsRejectionReason.Malformed, $"A certificate cannot be read: {exception.Message}");
        }
        catch (Exception exception)
        {
            return MtlsRejections.Refuse(MtlsRejectionReason.VerificationFailed, exception.ToString());
        }
    }

    private Verdict<VerifiedPeer> VerifyLeaf(X509Certificate2 leaf, PeerCertificates certificates, PeerRole role, TrustSnapshot snapshot)
    {
        if (LeafRules.Check(leaf, role) is { } spoilt)
        {
            return spoilt;
        }

        var names = SubjectNames.Read(leaf);
        if (LeafRules.CheckNames(names) is { } misnamed)
        {
            return misnamed;
        }

        // Only the anchors of the leaf's own trust domain may judge it: no authority speaks for another domain's workloads.
        var trustDomain = names.SpiffeId?.TrustDomain ?? snapshot.LocalTrustDomain;
        if (!snapshot.Bundles.TryGet(trustDomain, out var bundle))
        {
            return MtlsRejections.Refuse(MtlsRejectionReason.TrustDomainUnknown, "The trust domain has no bundle here.", presented: trustDomain.ToString());
        }

        var rejection = LeafRules.CheckLifetime(leaf, bundle.MaxLeafLifetime);
        var validUntil = default(DateTimeOffset);
        rejection ??= PathBuilder.Check(leaf, certificates, bundle, role, _time.GetUtcNow(), snapshot.ClockSkew, out validUntil);
        return rejection is not null
            ? rejection
            : new VerifiedPeer(certificates, role, snapshot)
            {
                Workload = names.Workload,
                TrustDomain = trustDomain,
                DnsNames = names.DnsNames,
                UriNames = names.UriNames,
                NotAfter = CertificateRules.NotAfter(leaf),
                ValidUntil = validUntil,
            };
    }

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

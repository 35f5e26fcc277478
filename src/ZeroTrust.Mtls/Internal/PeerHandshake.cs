using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace ZeroTrust.Mtls.Internal;

/// <summary>What both sides of a handshake share: the callback that captures and decides, and the guard after it.</summary>
internal sealed class PeerHandshake(
    IPeerJudge judge,
    PeerRole role,
    Func<VerifiedPeer, Verdict<VerifiedPeer>> authorize,
    Action<Rejection, PeerCertificates?>? refused,
    ResumedPeers? resumption)
{
    private bool _isRefused;

    public Verdict<VerifiedPeer> Verdict { get; private set; }

    public PeerCertificates? Presented { get; private set; }

    /// <summary>What the platform thought of the peer; null when its callback did not run.</summary>
    public SslPolicyErrors? PlatformErrors { get; private set; }

    /// <summary>Whether code lets it end as TLS 1.2 too.</summary>
    public bool AllowsTls12 { get; set; }

    public bool MayResume { get; } = resumption?.TryResume() == true;

    /// <summary>A policy that trusts nothing and downloads nothing: the platform's own chain stays cheap and silent, and we decide.</summary>
    /// <remarks>Without it the platform would fetch a URL of the unauthenticated peer's choice, from its AIA extension.</remarks>
    public static X509ChainPolicy InertPolicy() => new()
    {
        TrustMode = X509ChainTrustMode.CustomRootTrust,
        RevocationMode = X509RevocationMode.NoCheck,
        DisableCertificateDownloads = true,
    };

    /// <summary>The platform's callback. Its own opinion of the path is not asked for: it trusts nobody.</summary>
    public bool OnCertificate(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        PlatformErrors = errors;
        try
        {
            Verdict = Decide(certificate, chain);
        }
        catch (Exception exception)
        {
            Verdict = MtlsRejections.Refuse(MtlsRejectionReason.VerificationFailed, exception.ToString());
        }

        return Tell().IsAccepted;
    }

    /// <summary>The guard: holds when the callback was skipped, when it saw another certificate, and when trust has moved since.</summary>
    public Verdict<VerifiedPeer> Complete(SslStream stream)
    {
        if (_isRefused)
        {
            // It stands: what is judged now may be less than what was presented, which the callback alone sees.
            return Verdict;
        }

        try
        {
            Verdict = Guard(stream);
        }
        catch (Exception exception)
        {
            Verdict = MtlsRejections.Refuse(MtlsRejectionReason.VerificationFailed, exception.ToString());
        }

        return Tell();
    }

    /// <summary>Judges a peer of an open connection again.</summary>
    public Verdict<VerifiedPeer> Recheck(VerifiedPeer peer) => Authorize(judge.Recheck(peer));

    private Verdict<VerifiedPeer> Guard(SslStream stream)
    {
        if (!stream.IsAuthenticated || !stream.IsEncrypted || !(AllowsTls12 ? Tls12.Protocols : PeerTls.Protocol).HasFlag(stream.SslProtocol))
        {
            return MtlsRejections.Refuse(
                MtlsRejectionReason.HandshakeInvalid,
                AllowsTls12 ? "The handshake did not end as TLS 1.3 or 1.2." : "The handshake did not end as TLS 1.3.",
                presented: stream.SslProtocol.ToString());
        }

        if (stream.RemoteCertificate is not { } certificate || Presented is null)
        {
            return Decide(stream.RemoteCertificate, chain: null);
        }

        if (!Presented.LeafDer.Span.SequenceEqual(certificate.GetRawCertData()))
        {
            return MtlsRejections.Refuse(MtlsRejectionReason.HandshakeInvalid, "The connection's certificate is not the one that was verified.");
        }

        return Verdict.TryGet(out var peer, out var rejection) ? Recheck(peer) : rejection;
    }

    private Verdict<VerifiedPeer> Decide(X509Certificate? certificate, X509Chain? chain)
    {
        if (certificate is null)
        {
            return MtlsRejections.Refuse(MtlsRejectionReason.CertificateMissing, "The peer presented no certificate.");
        }

        if (!PeerCertificates.From(certificate, chain?.ChainPolicy.ExtraStore).TryGet(out var presented, out var unreadable))
        {
            return unreadable;
        }

        Presented = resumption?.Complete(presented) ?? presented;

        // The platform has parsed them for the handshake; their keys are borrowed instead of being imported again.
        X509Certificate2[] parsed = certificate is X509Certificate2 leaf ? [leaf, .. chain?.ChainPolicy.ExtraStore ?? []] : [];
        var verdict = Authorize(judge.Verify(Presented, role, parsed));
        if (verdict.IsAccepted)
        {
            resumption?.Remember(Presented);
        }
        else if (MayResume && Presented.IntermediatesDer.Count == 0)
        {
            resumption?.Pause();
        }

        return verdict;
    }

    private Verdict<VerifiedPeer> Authorize(Verdict<VerifiedPeer> verdict) =>
        verdict.TryGet(out var peer, out var rejection) ? authorize(peer) : rejection;

    private Verdict<VerifiedPeer> Tell()
    {
        if (!Verdict.TryGet(out _, out var rejection) && !_isRefused)
        {
            _isRefused = true;
            refused?.Invoke(rejection, Presented);
        }

        return Verdict;
    }
}

using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ZeroTrust.Mtls.Internal;

/// <summary>Searches and validates the path from a leaf to an anchor of one trust domain, without any network access.</summary>
internal static class PathBuilder
{
    // Validity is compared by us, for every certificate of the path alike and with the skew; the platform would judge it without.
    private const X509VerificationFlags Flags = X509VerificationFlags.IgnoreNotTimeValid;

    public static Rejection? Check(
        X509Certificate2 leaf,
        PeerCertificates sent,
        TrustBundle bundle,
        PeerRole role,
        DateTimeOffset now,
        TimeSpan skew,
        out DateTimeOffset validUntil)
    {
        validUntil = default;
        using var chain = new X509Chain();
        var policy = chain.ChainPolicy;
        policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        policy.CustomTrustStore.AddRange(bundle.Anchors);
        policy.DisableCertificateDownloads = true;
        policy.RevocationMode = X509RevocationMode.NoCheck;
        policy.VerificationFlags = Flags;
        policy.VerificationTime = now.UtcDateTime;
        policy.ApplicationPolicy.Add(new Oid(LeafRules.PurposeOf(role)));
        try
        {
            foreach (var der in sent.IntermediatesDer)
            {
                policy.ExtraStore.Add(X509CertificateLoader.LoadCertificate(der.Span));
            }

            return !chain.Build(leaf)
                ? Explain(chain.ChainStatus)
                : CheckPath(chain.ChainElements, bundle, now, skew, out validUntil);
        }
        finally
        {
            foreach (var intermediate in policy.ExtraStore)
            {
                intermediate.Dispose();
            }

            // The chain leaves its elements to the finaliser; a server under attack must not.
            foreach (var element in chain.ChainElements)
            {
                element.Certificate.Dispose();
            }
        }
    }

    private static Rejection? CheckPath(
        X509ChainElementCollection path,
        TrustBundle bundle,
        DateTimeOffset now,
        TimeSpan skew,
        out DateTimeOffset validUntil)
    {
        validUntil = path.Min(element => CertificateRules.NotAfter(element.Certificate));
        var anchor = path[^1].Certificate.RawDataMemory;
        if (path.Count < 2 || !bundle.AnchorsDer.Any(der => der.Span.SequenceEqual(anchor.Span)))
        {
            return MtlsRejections.Refuse(MtlsRejectionReason.UntrustedAnchor, "The path does not end in an anchor of the trust domain.");
        }

        foreach (var element in path)
        {
            var certificate = element.Certificate;
            if (CheckValidity(certificate, now, skew) is { } rejection)
            {
                return rejection;
            }

            if (!CertificateRules.HasStrongKey(certificate))
            {
                return MtlsRejections.Refuse(MtlsRejectionReason.WeakKey, "A key of the path is too weak or of an unknown kind.", presented: certificate.Subject);
            }
        }

        // What an anchor is signed with says nothing: it is trusted as it is.
        return path.SkipLast(1).FirstOrDefault(element => !CertificateRules.HasStrongSignature(element.Certificate)) is { } weak
            ? MtlsRejections.Refuse(MtlsRejectionReason.WeakSignature, "A certificate of the path is signed with a weak algorithm.", presented: weak.Certificate.Subject)
            : null;
    }

    private static Rejection? CheckValidity(X509Certificate2 certificate, DateTimeOffset now, TimeSpan skew)
    {
        var notBefore = CertificateRules.NotBefore(certificate);
        var notAfter = CertificateRules.NotAfter(certificate);
        if (now < notBefore - skew)
        {
            return MtlsRejections.Refuse(MtlsRejectionReason.CertificateNotYetValid, $"'{certificate.Subject}' is not valid before {notBefore:O}.", at: notBefore);
        }

        return now > notAfter + skew
            ? MtlsRejections.Refuse(MtlsRejectionReason.CertificateExpired, $"'{certificate.Subject}' was valid until {notAfter:O}.", at: notAfter)
            : null;
    }

    private static Rejection Explain(X509ChainStatus[] statuses)
    {
        var found = X509ChainStatusFlags.NoError;
        foreach (var status in statuses)
        {
            found |= status.Status;
        }

        var reason = found switch
        {
            _ when Has(X509ChainStatusFlags.UntrustedRoot | X509ChainStatusFlags.PartialChain | X509ChainStatusFlags.Cyclic) => MtlsRejectionReason.UntrustedAnchor,
            _ when Has(X509ChainStatusFlags.NotSignatureValid) => MtlsRejectionReason.SignatureInvalid,
            _ when Has(X509ChainStatusFlags.NotValidForUsage) => MtlsRejectionReason.ExtendedKeyUsageMissing,
            _ when Has(X509ChainStatusFlags.HasWeakSignature) => MtlsRejectionReason.WeakSignature,
            _ => MtlsRejectionReason.PathConstraintViolated,
        };
        return MtlsRejections.Refuse(reason, $"No path to an anchor of the trust domain holds: {found}.");

        bool Has(X509ChainStatusFlags flags) => (found & flags) != X509ChainStatusFlags.NoError;
    }
}

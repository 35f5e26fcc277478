namespace ZeroTrust.X509.Internal;

/// <summary>What a certificate has to be to issue the one below it, apart from where it stands in the path.</summary>
internal static class IssuerRules
{
    public static Rejection? Check(Certificate issuer, PathPolicy policy, byte[]? purpose, DateTimeOffset now, bool isAnchor) =>
        CertificateRules.Check(issuer, policy, now, isAnchor)
        ?? CheckAuthority(issuer, policy, isAnchor)
        ?? CheckPurpose(issuer, purpose)
        ?? (isAnchor && policy.BaselineRequirements ? CheckRoot(issuer) : null);

    private static Rejection? CheckAuthority(Certificate issuer, PathPolicy policy, bool isAnchor)
    {
        var extensions = issuer.Extensions;
        if (!issuer.IsCa)
        {
            return CertificateRules.Refuse(issuer, X509RejectionReason.IssuerNotCa, "The issuer is not a CA certificate.");
        }

        if (extensions.KeyUsage is { MaySignCertificates: false })
        {
            return CertificateRules.Refuse(issuer, X509RejectionReason.IssuerKeyUsageInvalid, "The issuer's key usage does not hold keyCertSign.");
        }

        if (issuer.Subject.IsEmpty)
        {
            return CertificateRules.Refuse(issuer, X509RejectionReason.NameMissing, "The CA has no name.");
        }

        return policy.Profile == PathProfile.Rfc5280 ? CheckConformance(issuer, isAnchor) : null;
    }

    /// <summary>What RFC 5280 demands of conforming CAs and section 6 does not ask again.</summary>
    private static Rejection? CheckConformance(Certificate issuer, bool isAnchor)
    {
        var extensions = issuer.Extensions;
        if (extensions.SubjectKeyIdentifier is null || extensions.KeyUsage is null)
        {
            return CertificateRules.Invalid(issuer, "The CA has no subject key identifier or no key usage (RFC 5280 sections 4.2.1.2 and 4.2.1.3).");
        }

        // An anchor is the operator's to choose well; below it, section 6.1.4 (k) asks for the extension and not for its criticality.
        return isAnchor && extensions.BasicConstraints is { IsCritical: false }
            ? CertificateRules.Invalid(issuer, "The basic constraints of an anchor are not critical (RFC 5280 section 4.2.1.9).")
            : null;
    }

    /// <summary>An extended key usage of a CA narrows what is issued below it.</summary>
    private static Rejection? CheckPurpose(Certificate issuer, byte[]? purpose) =>
        purpose is null || issuer.Extensions.ExtendedKeyUsage is not { } usage || usage.Holds(purpose) || usage.Holds(Oids.AnyExtendedKeyUsage)
            ? null
            : CertificateRules.Refuse(issuer, X509RejectionReason.ExtendedKeyUsageMissing, "The CA's extended key usage does not allow the purpose.");

    /// <summary>Baseline Requirements, section 7.1.2.1.</summary>
    private static Rejection? CheckRoot(Certificate root)
    {
        var extensions = root.Extensions;
        if (!root.IsSelfIssued)
        {
            return null;
        }

        var isOwn = extensions.AuthorityKeyIdentifier is not { } authority
            || (!authority.NamesIssuer
                && !authority.HasSerial
                && authority.KeyId is { } keyId
                && extensions.SubjectKeyIdentifier is { } subject
                && keyId.Span.SequenceEqual(subject.KeyId.Span));
        return isOwn && extensions.ExtendedKeyUsage is null
            ? null
            : CertificateRules.Invalid(root, "The root has an extended key usage, or an authority key identifier that is not its own key's.");
    }
}

namespace ZeroTrust.X509.Internal;

/// <summary>What a certificate has to be to issue the one below it, apart from where it stands in the path.</summary>
internal static class IssuerRules
{
    public static Refusal? Check(Certificate issuer, PathPolicy policy, byte[]? purpose, DateTimeOffset now, bool isAnchor) =>
        CertificateRules.Check(issuer, policy, now, isAnchor)
        ?? CheckAuthority(issuer, policy, isAnchor)
        ?? CheckPurpose(issuer, purpose)
        ?? (isAnchor && policy.BaselineRequirements ? CheckRoot(issuer) : null);

    private static Refusal? CheckAuthority(Certificate issuer, PathPolicy policy, bool isAnchor)
    {
        var extensions = issuer.Extensions;
        if (!issuer.IsCa && !(isAnchor && IsOfOldVersion(issuer)))
        {
            return Refusal.Of(
                issuer,
                X509RejectionReason.IssuerNotCa,
                "The issuer is no CA by its basic constraints (RFC 5280 sections 4.2.1.9 and 6.1.4 (k)).");
        }

        if (extensions.KeyUsage is { MaySignCertificates: false })
        {
            return Refusal.Of(
                issuer,
                X509RejectionReason.IssuerKeyUsageInvalid,
                "The issuer's key usage does not hold keyCertSign (RFC 5280 section 4.2.1.3).");
        }

        if (issuer.Subject.IsEmpty)
        {
            return Refusal.Of(issuer, X509RejectionReason.NameMissing, "The CA has no name (RFC 5280 section 4.1.2.6).");
        }

        return policy.Profile == PathProfile.Rfc5280 ? CheckConformance(issuer, isAnchor) : null;
    }

    /// <summary>What RFC 5280 demands of conforming CAs and section 6 does not ask again.</summary>
    private static Refusal? CheckConformance(Certificate issuer, bool isAnchor)
    {
        var extensions = issuer.Extensions;
        if (extensions.SubjectKeyIdentifier is null)
        {
            return CertificateRules.Invalid(issuer, "The CA has no subject key identifier (RFC 5280 section 4.2.1.2).");
        }

        if (extensions.KeyUsage is null)
        {
            return CertificateRules.Invalid(issuer, "The CA has no key usage (RFC 5280 section 4.2.1.3).");
        }

        // An anchor is the operator's to choose well; below it, section 6.1.4 (k) asks for the extension and not for its criticality.
        return isAnchor && extensions.BasicConstraints is { IsCritical: false }
            ? CertificateRules.Invalid(issuer, "The basic constraints of an anchor are not critical (RFC 5280 section 4.2.1.9).")
            : null;
    }

    /// <summary>An extended key usage of a CA narrows what is issued below it.</summary>
    private static Refusal? CheckPurpose(Certificate issuer, byte[]? purpose) =>
        purpose is null || issuer.Extensions.ExtendedKeyUsage is not { } usage || usage.Holds(purpose) || usage.Holds(Oids.AnyExtendedKeyUsage)
            ? null
            : Refusal.Of(
                issuer,
                X509RejectionReason.ExtendedKeyUsageMissing,
                "The CA's extended key usage does not allow the purpose (RFC 5280 section 4.2.1.12).");

    /// <summary>Baseline Requirements, section 7.1.2.1.</summary>
    private static Refusal? CheckRoot(Certificate root)
    {
        var extensions = root.Extensions;
        if (!root.IsSelfIssued)
        {
            return null;
        }

        if (extensions.ExtendedKeyUsage is not null)
        {
            return CertificateRules.Invalid(root, "The root has an extended key usage (Baseline Requirements section 7.1.2.1).");
        }

        var isOwn = extensions.AuthorityKeyIdentifier is not { } authority
            || (authority.IssuerNames is null
                && authority.Serial is null
                && authority.KeyId is { } keyId
                && extensions.SubjectKeyIdentifier is { } subject
                && keyId.Span.SequenceEqual(subject.KeyId.Span));
        return isOwn ? null : CertificateRules.Invalid(
            root,
            "The root's authority key identifier is not that of its own key (Baseline Requirements section 7.1.2.1).");
    }

    /// <summary>Versions 1 and 2 have no extensions to say so: an anchor of them is a CA by the operator's word (RFC 5280 section 6.1.4 (k)).</summary>
    private static bool IsOfOldVersion(Certificate anchor) => anchor is { Version: < 3, HasExtensions: false };
}

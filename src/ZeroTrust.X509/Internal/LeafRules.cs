namespace ZeroTrust.X509.Internal;

/// <summary>What the certificate at the end of a path has to be, before any path is searched.</summary>
internal static class LeafRules
{
    public static Rejection? Check(Certificate leaf, PathPolicy policy, byte[]? purpose, DateTimeOffset now) =>
        CertificateRules.Check(leaf, policy, now, isAnchor: false)
        ?? CheckRole(leaf, policy)
        ?? CheckPurpose(leaf, policy, purpose)
        ?? LeafNames.Check(leaf, policy);

    private static Rejection? CheckRole(Certificate leaf, PathPolicy policy)
    {
        var extensions = leaf.Extensions;
        var isStrict = policy.Profile == PathProfile.Strict;
        if (isStrict && leaf.IsCa)
        {
            return CertificateRules.Refuse(leaf, X509RejectionReason.LeafIsCa, "The leaf is a CA certificate.");
        }

        if (!leaf.IsCa && extensions.NameConstraints is not null)
        {
            return CertificateRules.Invalid(leaf, "Name constraints on what is no CA (RFC 5280 section 4.2.1.10).");
        }

        if (policy.BaselineRequirements && extensions.ExtendedKeyUsage is { IsCritical: true })
        {
            return CertificateRules.Invalid(leaf, "The leaf's extended key usage is critical (Baseline Requirements section 7.1.2.7.6).");
        }

        var signs = extensions.KeyUsage is { MaySignCertificates: true } && !leaf.IsCa;
        return signs || (isStrict && extensions.KeyUsage is { MaySign: false })
            ? CertificateRules.Refuse(leaf, X509RejectionReason.LeafKeyUsageInvalid, "The leaf's key usage is without digitalSignature, or signs certificates.")
            : null;
    }

    private static Rejection? CheckPurpose(Certificate leaf, PathPolicy policy, byte[]? purpose)
    {
        if (purpose is null)
        {
            return null;
        }

        var isStrict = policy.Profile == PathProfile.Strict;
        var usage = leaf.Extensions.ExtendedKeyUsage;
        var holdsAny = usage is not null && usage.Holds(Oids.AnyExtendedKeyUsage);
        var isAllowed = isStrict
            ? usage is not null && usage.Holds(purpose) && !holdsAny
            : usage is null || usage.Holds(purpose) || holdsAny;
        return isAllowed
            ? null
            : X509Rejections.Refuse(
                X509RejectionReason.ExtendedKeyUsageMissing,
                "The leaf's extended key usage does not hold the purpose.",
                policy.Purpose,
                usage is null ? "absent" : string.Join(' ', usage.Purposes.Select(held => Oids.Format(held.Span))));
    }
}

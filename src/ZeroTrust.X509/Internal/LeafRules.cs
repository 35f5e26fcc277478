namespace ZeroTrust.X509.Internal;

/// <summary>What the certificate at the end of a path has to be, before any path is searched.</summary>
internal static class LeafRules
{
    public static Refusal? Check(Certificate leaf, PathPolicy policy, byte[]? purpose, DateTimeOffset now) =>
        CertificateRules.Check(leaf, policy, now, isAnchor: false)
        ?? CheckRole(leaf, policy)
        ?? CheckPurpose(leaf, policy, purpose)
        ?? LeafNames.Check(leaf, policy);

    private static Refusal? CheckRole(Certificate leaf, PathPolicy policy)
    {
        var extensions = leaf.Extensions;
        var isStrict = policy.Profile == PathProfile.Strict;
        if (isStrict && leaf.IsCa)
        {
            return Refusal.Of(leaf, X509RejectionReason.LeafIsCa, "The leaf is a CA certificate (RFC 5280 section 4.2.1.9).");
        }

        if (!leaf.IsCa && extensions.NameConstraints is not null)
        {
            return CertificateRules.Invalid(leaf, "Name constraints on what is no CA (RFC 5280 section 4.2.1.10).");
        }

        if (policy.BaselineRequirements && extensions.ExtendedKeyUsage is { IsCritical: true })
        {
            return CertificateRules.Invalid(leaf, "The leaf's extended key usage is critical (Baseline Requirements section 7.1.2.7.6).");
        }

        if (extensions.KeyUsage is { MaySignCertificates: true } && !leaf.IsCa)
        {
            return Refusal.Of(
                leaf,
                X509RejectionReason.LeafKeyUsageInvalid,
                "The leaf's key usage holds keyCertSign, and it is no CA (RFC 5280 section 4.2.1.3).");
        }

        return isStrict && extensions.KeyUsage is { MaySign: false }
            ? Refusal.Of(
                leaf,
                X509RejectionReason.LeafKeyUsageInvalid,
                "The leaf's key usage does not hold digitalSignature (RFC 5280 section 4.2.1.3).")
            : null;
    }

    private static Refusal? CheckPurpose(Certificate leaf, PathPolicy policy, byte[]? purpose)
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
            : Refusal.Of(
                leaf,
                X509RejectionReason.ExtendedKeyUsageMissing,
                $"The leaf's extended key usage {FlawOf(usage, holdsAny)} (RFC 5280 section 4.2.1.12).",
                expected: policy.Purpose,
                presented: usage is null ? "absent" : string.Join(' ', usage.Purposes.Select(held => Oids.Format(held.Span))));
    }

    private static string FlawOf(ExtendedKeyUsage? usage, bool holdsAny) => true switch
    {
        _ when usage is null => "is absent",
        _ when holdsAny => "holds anyExtendedKeyUsage, which does not stand for the purpose",
        _ => "does not hold the purpose",
    };
}

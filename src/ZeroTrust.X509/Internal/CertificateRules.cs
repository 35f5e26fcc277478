namespace ZeroTrust.X509.Internal;

/// <summary>What every certificate of a path has to be for itself (RFC 5280 sections 4.1 and 4.2).</summary>
internal static class CertificateRules
{
    private const int MaxSerialOctets = 20;

    public static Refusal? Check(Certificate certificate, PathPolicy policy, DateTimeOffset now, bool isAnchor) =>
        (isAnchor ? null : CheckForm(certificate, policy))
        ?? CheckKey(certificate)
        ?? CheckValidity(certificate, policy, now)
        ?? CheckExtensions(certificate, policy);

    public static Refusal Invalid(Certificate certificate, string rule, string? presented = null) =>
        Refusal.Of(certificate, X509RejectionReason.ExtensionInvalid, rule, presented: presented);

    /// <summary>Not asked of anchors: one is trusted for its name and key, and nobody but the operator says so (RFC 5280 section 6.1.1 (d)).</summary>
    private static Refusal? CheckForm(Certificate certificate, PathPolicy policy)
    {
        if (certificate.Version != 3)
        {
            return Refusal.Of(
                certificate,
                X509RejectionReason.VersionUnsupported,
                $"The certificate is of version {certificate.Version}, not 3 (RFC 5280 section 4.1.2.1).");
        }

        if (!certificate.AlgorithmsAgree)
        {
            return Refusal.Of(
                certificate,
                X509RejectionReason.AlgorithmMismatch,
                "The signed and the unsigned signature algorithm differ (RFC 5280 section 4.1.1.2).");
        }

        if (FindSerialFlaw(certificate.Serial.Span, policy) is { } flaw)
        {
            return Refusal.Of(
                certificate,
                X509RejectionReason.SerialNumberInvalid,
                $"The serial number {flaw} (RFC 5280 section 4.1.2.2).");
        }

        if (certificate.Issuer.IsEmpty)
        {
            return Refusal.Of(certificate, X509RejectionReason.NameMissing, "The issuer has no name (RFC 5280 section 4.1.2.4).");
        }

        return certificate.SignatureAlgorithm.IsTaken() ? null : RefuseAlgorithm(certificate);
    }

    private static string? FindSerialFlaw(ReadOnlySpan<byte> serial, PathPolicy policy) => true switch
    {
        _ when serial.Length > MaxSerialOctets => $"has {serial.Length} octets where {MaxSerialOctets} are the most",
        _ when policy.TolerateLegacyIssuers => null,
        _ when (serial[0] & 0x80) != 0 => "is negative",
        _ => serial.ContainsAnyExcept((byte)0) ? null : "is zero",
    };

    private static Refusal RefuseAlgorithm(Certificate certificate) => Refusal.Of(
        certificate,
        certificate.SignatureAlgorithm == SignatureAlgorithm.RefusedParameters
            ? X509RejectionReason.SignatureParametersRefused
            : X509RejectionReason.SignatureAlgorithmRefused,
        AlgorithmText.WhyRefused(certificate.AlgorithmIdentifier));

    private static Refusal? CheckKey(Certificate certificate) => certificate.Key.Kind == KeyKind.Refused
        ? Refusal.Of(certificate, X509RejectionReason.KeyRefused, AlgorithmText.WhyRefused(certificate.Key))
        : null;

    private static Refusal? CheckValidity(Certificate certificate, PathPolicy policy, DateTimeOffset now)
    {
        if (now < certificate.NotBefore && certificate.NotBefore - now > policy.ClockSkew)
        {
            return Refusal.Of(
                certificate,
                X509RejectionReason.NotYetValid,
                $"The certificate is not valid before {certificate.NotBefore:O} (RFC 5280 section 4.1.2.5).",
                at: certificate.NotBefore);
        }

        return now > certificate.NotAfter && now - certificate.NotAfter > policy.ClockSkew
            ? Refusal.Of(
                certificate,
                X509RejectionReason.Expired,
                $"The certificate was valid until {certificate.NotAfter:O} (RFC 5280 section 4.1.2.5).",
                at: certificate.NotAfter)
            : null;
    }

    private static Refusal? CheckExtensions(Certificate certificate, PathPolicy policy)
    {
        var extensions = certificate.Extensions;
        if (extensions.UnknownCritical is { } unknown)
        {
            var oid = Oids.Format(unknown.Span);
            return Refusal.Of(
                certificate,
                X509RejectionReason.UnknownCriticalExtension,
                $"The extension {oid} is critical and not understood (RFC 5280 section 4.2).",
                presented: $"{oid} of {certificate.SubjectName}");
        }

        if (extensions.NameConstraints is { Defect: { } defect })
        {
            return Refusal.Of(
                certificate,
                X509RejectionReason.NameConstraintsInvalid,
                $"The name constraints cannot be applied: {defect} (RFC 5280 section 4.2.1.10).");
        }

        var isStandard = policy.Profile == PathProfile.Rfc5280;
        return true switch
        {
            _ when extensions.AuthorityKeyIdentifier is { IsCritical: true } =>
                Invalid(certificate, "The authority key identifier is critical (RFC 5280 section 4.2.1.1)."),
            _ when extensions.SubjectKeyIdentifier is { IsCritical: true } =>
                Invalid(certificate, "The subject key identifier is critical (RFC 5280 section 4.2.1.2)."),
            _ when extensions.AuthorityInfoAccessIsCritical =>
                Invalid(certificate, "The authority information access is critical (RFC 5280 section 4.2.2.1)."),
            _ when !policy.TolerateLegacyIssuers && extensions.PolicyConstraints is { IsCritical: false } =>
                Invalid(certificate, "The policy constraints are not critical (RFC 5280 section 4.2.1.11)."),
            _ when !policy.TolerateLegacyIssuers && extensions.InhibitAnyPolicy is { IsCritical: false } =>
                Invalid(certificate, "The inhibitAnyPolicy is not critical (RFC 5280 section 4.2.1.14)."),
            _ when isStandard && extensions.NameConstraints is { IsCritical: false } =>
                Invalid(certificate, "The name constraints are not critical (RFC 5280 section 4.2.1.10)."),
            _ when isStandard && !certificate.IsSelfIssued && extensions.AuthorityKeyIdentifier?.KeyId is null =>
                Invalid(certificate, "The authority key identifier is missing (RFC 5280 section 4.2.1.1)."),
            _ => null,
        };
    }
}

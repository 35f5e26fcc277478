namespace ZeroTrust.X509.Internal;

/// <summary>What every certificate of a path has to be for itself (RFC 5280 sections 4.1 and 4.2).</summary>
internal static class CertificateRules
{
    private const int MaxSerialOctets = 20;

    public static Rejection? Check(Certificate certificate, PathPolicy policy, DateTimeOffset now, bool isAnchor) =>
        CheckForm(certificate, policy)
        ?? CheckStrength(certificate, isAnchor)
        ?? CheckValidity(certificate, policy, now)
        ?? CheckExtensions(certificate, policy);

    public static Rejection Invalid(Certificate certificate, string rule) =>
        Refuse(certificate, X509RejectionReason.ExtensionInvalid, rule);

    public static Rejection Refuse(Certificate certificate, X509RejectionReason reason, string rule) =>
        X509Rejections.Refuse(reason, rule, presented: certificate.SubjectName);

    private static Rejection? CheckForm(Certificate certificate, PathPolicy policy)
    {
        if (certificate.Version != 3)
        {
            return Refuse(certificate, X509RejectionReason.VersionUnsupported, $"The certificate is of version {certificate.Version}, not 3.");
        }

        if (!certificate.AlgorithmsAgree)
        {
            return Refuse(certificate, X509RejectionReason.AlgorithmMismatch, "The signed and the unsigned signature algorithm differ.");
        }

        var serial = certificate.Serial.Span;
        var isPositive = (serial[0] & 0x80) == 0 && serial.ContainsAnyExcept((byte)0);
        if (serial.Length > MaxSerialOctets || (!isPositive && !policy.TolerateLegacyIssuers))
        {
            return Refuse(certificate, X509RejectionReason.SerialNumberInvalid, $"The serial number is not positive, or longer than {MaxSerialOctets} octets.");
        }

        return certificate.Issuer.IsEmpty ? Refuse(certificate, X509RejectionReason.NameMissing, "The issuer has no name.") : null;
    }

    private static Rejection? CheckStrength(Certificate certificate, bool isAnchor)
    {
        if (certificate.Key.Kind == KeyKind.Refused)
        {
            return Refuse(certificate, X509RejectionReason.KeyRefused, "The key is weak, or not of a kind, size or spelling that is taken.");
        }

        // What an anchor is signed with says nothing: it is trusted as it is.
        return certificate.SignatureAlgorithm == SignatureAlgorithm.Refused && !isAnchor
            ? Refuse(certificate, X509RejectionReason.SignatureAlgorithmRefused, "The signature algorithm is weak or unknown.")
            : null;
    }

    private static Rejection? CheckValidity(Certificate certificate, PathPolicy policy, DateTimeOffset now)
    {
        if (now < certificate.NotBefore && certificate.NotBefore - now > policy.ClockSkew)
        {
            return X509Rejections.Refuse(
                X509RejectionReason.NotYetValid, $"The certificate is not valid before {certificate.NotBefore:O}.", presented: certificate.SubjectName, at: certificate.NotBefore);
        }

        return now > certificate.NotAfter && now - certificate.NotAfter > policy.ClockSkew
            ? X509Rejections.Refuse(
                X509RejectionReason.Expired, $"The certificate was valid until {certificate.NotAfter:O}.", presented: certificate.SubjectName, at: certificate.NotAfter)
            : null;
    }

    private static Rejection? CheckExtensions(Certificate certificate, PathPolicy policy)
    {
        var extensions = certificate.Extensions;
        if (extensions.UnknownCritical is { } unknown)
        {
            return X509Rejections.Refuse(
                X509RejectionReason.UnknownCriticalExtension,
                "A critical extension is not understood.",
                presented: $"{Oids.Format(unknown.Span)} of {certificate.SubjectName}");
        }

        var isStandard = policy.Profile == PathProfile.Rfc5280;
        return true switch
        {
            _ when extensions.AuthorityKeyIdentifier is { IsCritical: true } || extensions.SubjectKeyIdentifier is { IsCritical: true } =>
                Invalid(certificate, "A key identifier is critical (RFC 5280 sections 4.2.1.1 and 4.2.1.2)."),
            _ when extensions.AuthorityInfoAccessIsCritical =>
                Invalid(certificate, "The authority information access is critical (RFC 5280 section 4.2.2.1)."),
            _ when !policy.TolerateLegacyIssuers && extensions is ({ PolicyConstraints.IsCritical: false } or { InhibitAnyPolicy.IsCritical: false }) =>
                Invalid(certificate, "A constraint on policies is not critical (RFC 5280 sections 4.2.1.11 and 4.2.1.14)."),
            _ when isStandard && extensions.NameConstraints is { IsCritical: false } =>
                Invalid(certificate, "The name constraints are not critical (RFC 5280 section 4.2.1.10)."),
            _ when isStandard && !certificate.IsSelfIssued && extensions.AuthorityKeyIdentifier?.KeyId is null =>
                Invalid(certificate, "The authority key identifier is missing (RFC 5280 section 4.2.1.1)."),
            _ => null,
        };
    }
}

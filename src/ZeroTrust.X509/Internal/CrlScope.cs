namespace ZeroTrust.X509.Internal;

/// <summary>
/// Whether a CRL is for a certificate at one of its distribution points, and a delta CRL for a complete one (RFC 5280 section 6.3.3 (b) to
/// (d)).
/// </summary>
internal static class CrlScope
{
    /// <summary>The reasons of revocation that the CRL tells of; none when it is not for this certificate or not at this point.</summary>
    public static ReasonFlags ReasonsCovered(CertificateRevocationList crl, Certificate certificate, DistributionPoint point)
    {
        var isIssuer = point.CrlIssuers.Length > 0
            ? crl.IsIndirect && Array.Exists(point.CrlIssuers, crl.Issuer.Equals)
            : crl.Issuer.Equals(certificate.Issuer);
        if (!isIssuer)
        {
            return ReasonFlags.None;
        }

        var reasons = point.Reasons ?? ReasonFlags.All;
        return crl.IssuingDistributionPoint switch
        {
            null => reasons,
            { } scope when IsAbout(scope, certificate.IsCa) && IsAt(scope, point, crl.Issuer) => reasons & (scope.OnlySomeReasons ?? ReasonFlags.All),
            _ => ReasonFlags.None,
        };
    }

    /// <summary>Whether the delta CRL brings the complete one up to date (RFC 5280 sections 5.2.4 and 6.3.3 (c)).</summary>
    public static bool Updates(CertificateRevocationList delta, CertificateRevocationList complete) =>
        delta.BaseNumber is { } from
        && complete.Number is { } number
        && !number.IsBelow(from)
        && delta.Number is { } to
        && number.IsBelow(to)
        && AreSame(delta, complete);

    /// <summary>Whether two CRLs come from one issuer and key and are for the same certificates and reasons.</summary>
    public static bool AreSame(CertificateRevocationList left, CertificateRevocationList right) =>
        left.Issuer.Equals(right.Issuer)
        && AreEqual(left.IssuingDistributionPoint?.Encoded, right.IssuingDistributionPoint?.Encoded)
        && AreEqual(left.AuthorityKeyIdentifier, right.AuthorityKeyIdentifier);

    /// <summary>Whether a CRL tells of everything that another one tells of, by its name, kind and point.</summary>
    public static bool Contains(CertificateRevocationList wide, CertificateRevocationList narrow) =>
        wide.Issuer.Equals(narrow.Issuer)
        && (narrow.IsDelta ? IsOfLaterNumber(wide, narrow) : !wide.IsDelta)
        && (wide.IssuingDistributionPoint is null || AreEqual(wide.IssuingDistributionPoint.Encoded, narrow.IssuingDistributionPoint?.Encoded));

    /// <summary>Whether the number of a CRL is no lower than that of another one, so that it knows what the other tells.</summary>
    public static bool IsOfLaterNumber(CertificateRevocationList crl, CertificateRevocationList other) =>
        crl.Number is { } number && other.Number is { } last && !number.IsBelow(last);

    /// <summary>The reasons that the CRL tells of for certificates of an issuer of which none is at hand.</summary>
    public static ReasonFlags ReasonsFor(CertificateRevocationList crl, DistinguishedName issuer, bool isCa) => crl.IssuingDistributionPoint switch
    {
        _ when !crl.IsIndirect && !crl.Issuer.Equals(issuer) => ReasonFlags.None,
        { } scope => IsAbout(scope, isCa) ? scope.OnlySomeReasons ?? ReasonFlags.All : ReasonFlags.None,
        null => ReasonFlags.All,
    };

    private static bool IsAbout(IssuingDistributionPoint scope, bool isCa) => !scope.OnlyAttribute && (isCa ? !scope.OnlyUser : !scope.OnlyCa);

    private static bool IsAt(IssuingDistributionPoint scope, DistributionPoint point, DistinguishedName crlIssuer) => (scope.Name, point.Name) switch
    {
        (null, _) => true,
        ({ } there, { } here) => there.Matches(here, crlIssuer),
        ({ } there, null) => there.Matches(point.CrlIssuers, crlIssuer),
    };

    private static bool AreEqual(ReadOnlyMemory<byte>? left, ReadOnlyMemory<byte>? right) =>
        left.HasValue == right.HasValue && left.GetValueOrDefault().Span.SequenceEqual(right.GetValueOrDefault().Span);
}

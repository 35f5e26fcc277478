namespace ZeroTrust.Oidc.Internal;

internal static class OidcRejections
{
    internal static readonly RejectionFamily<OidcRejectionReason> Family = new("oidc", KindOf);

    public static Rejection Refuse(OidcRejectionReason reason, string detail) => Family.Refuse(reason, detail);

    public static Rejection Refuse(OidcRejectionReason reason, string detail, string? expected, string? presented)
    {
        var plain = Family.Refuse(reason, detail);
        return new Rejection(plain.Code, plain.Detail, plain.Kind) { Expected = expected, Presented = presented };
    }

    private static RejectionKind KindOf(OidcRejectionReason reason) => reason switch
    {
        OidcRejectionReason.Unspecified => RejectionKind.Unspecified,
        OidcRejectionReason.IssuerUnavailable or OidcRejectionReason.IssuerMetadataRefused => RejectionKind.Unavailable,
        _ => RejectionKind.Unauthenticated,
    };
}

namespace ZeroTrust.Oidc.Internal;

internal static class OidcRejections
{
    private const int MaxPresentedLength = 128;

    internal static readonly RejectionFamily<OidcRejectionReason> Family = new("oidc", KindOf);

    public static Rejection Refuse(OidcRejectionReason reason, string detail) => Family.Refuse(reason, detail);

    public static Rejection Refuse(OidcRejectionReason reason, string detail, string? expected, string? presented)
    {
        var plain = Family.Refuse(reason, detail);
        return new Rejection(plain.Code, plain.Detail, plain.Kind) { Expected = expected, Presented = Clip(presented) };
    }

    // What an attacker wrote reaches the log shortened and without anything but printable ASCII.
    private static string? Clip(string? presented) => presented is null
        ? null
        : string.Create(Math.Min(presented.Length, MaxPresentedLength), presented, static (span, text) =>
        {
            for (var i = 0; i < span.Length; i++)
            {
                span[i] = text[i] is >= ' ' and <= '~' ? text[i] : '?';
            }
        });

    private static RejectionKind KindOf(OidcRejectionReason reason) => reason switch
    {
        OidcRejectionReason.Unspecified => RejectionKind.Unspecified,
        OidcRejectionReason.IssuerUnavailable or OidcRejectionReason.IssuerMetadataRefused => RejectionKind.Unavailable,
        _ => RejectionKind.Unauthenticated,
    };
}

namespace ZeroTrust.X509.Internal;

internal static class X509Rejections
{
    private static readonly RejectionFamily<X509RejectionReason> Family = new("x509", KindOf);

    public static Rejection Refuse(
        X509RejectionReason reason, string detail, string? expected = null, string? presented = null, DateTimeOffset? at = null) =>
        new(Family.CodeOf(reason), detail, Family.KindOf(reason)) { Expected = expected, Presented = presented, At = at };

    private static RejectionKind KindOf(X509RejectionReason reason) => reason switch
    {
        X509RejectionReason.Unspecified or X509RejectionReason.VerificationFailed => RejectionKind.Unspecified,
        X509RejectionReason.RevocationStatusUnavailable => RejectionKind.Unavailable,
        _ => RejectionKind.Unauthenticated,
    };
}

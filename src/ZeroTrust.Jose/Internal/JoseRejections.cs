namespace ZeroTrust.Jose.Internal;

internal static class JoseRejections
{
    internal static readonly RejectionFamily<JoseRejectionReason> Family = new("jose", KindOf);

    internal static Rejection Refuse(JoseRejectionReason reason, string detail) => Family.Refuse(reason, detail);

    private static RejectionKind KindOf(JoseRejectionReason reason) =>
        reason == JoseRejectionReason.Unspecified ? RejectionKind.Unspecified : RejectionKind.Unauthenticated;
}

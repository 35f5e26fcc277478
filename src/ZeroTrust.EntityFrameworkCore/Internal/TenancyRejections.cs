namespace ZeroTrust.EntityFrameworkCore.Internal;

internal static class TenancyRejections
{
    private static readonly RejectionFamily<TenancyRejectionReason> Family = new("tenancy", KindOf);

    internal static Rejection Refuse(TenancyRejectionReason reason, string detail) => Family.Refuse(reason, detail);

    // Entity Framework Core carries nothing but exceptions; hosts answer this one like the rejection.
    internal static RejectionException Exception(TenancyRejectionReason reason, string detail) => new(Refuse(reason, detail));

    private static RejectionKind KindOf(TenancyRejectionReason reason) => reason switch
    {
        TenancyRejectionReason.Unspecified => RejectionKind.Unspecified,
        TenancyRejectionReason.ContextMissing => RejectionKind.Unauthenticated,
        _ => RejectionKind.Forbidden,
    };
}

namespace ZeroTrust.Npgsql.Internal;

internal static class NpgsqlRejections
{
    private static readonly RejectionFamily<NpgsqlRejectionReason> Family = new("npgsql", KindOf);

    internal static Rejection Refuse(NpgsqlRejectionReason reason, string detail) => Family.Refuse(reason, detail);

    private static RejectionKind KindOf(NpgsqlRejectionReason reason) => reason switch
    {
        NpgsqlRejectionReason.Unspecified => RejectionKind.Unspecified,
        NpgsqlRejectionReason.ContextMissing => RejectionKind.Unauthenticated,
        NpgsqlRejectionReason.AuditFailed => RejectionKind.Unavailable,
        _ => RejectionKind.Forbidden,
    };
}

namespace ZeroTrust.Authz;

/// <summary>Makes the rejections of this package, for the hosts that decide with its contexts.</summary>
public static class AuthzRejections
{
    private static readonly RejectionFamily<AuthzRejectionReason> Family = new("authz", KindOf);

    /// <summary>A rejection for this reason.</summary>
    /// <param name="reason">A declared member.</param>
    /// <param name="detail">What was found, for the operator's log only.</param>
    public static Rejection Refuse(AuthzRejectionReason reason, string detail) => Family.Refuse(reason, detail);

    /// <summary>A rejection for this reason with the facts compared.</summary>
    /// <param name="reason">A declared member.</param>
    /// <param name="detail">What was found, for the operator's log only.</param>
    /// <param name="expected">What was required.</param>
    /// <param name="presented">What was presented instead.</param>
    public static Rejection Refuse(AuthzRejectionReason reason, string detail, string? expected, string? presented) =>
        new(Family.CodeOf(reason), detail, Family.KindOf(reason)) { Expected = expected, Presented = presented };

    private static RejectionKind KindOf(AuthzRejectionReason reason) => reason switch
    {
        AuthzRejectionReason.Unspecified => RejectionKind.Unspecified,
        AuthzRejectionReason.HeaderDuplicated
            or AuthzRejectionReason.TooLarge
            or AuthzRejectionReason.PlainContextIncomplete
            or AuthzRejectionReason.PlainContextBesideToken
            or AuthzRejectionReason.PlainContextMalformed
            or AuthzRejectionReason.CacheKeyMalformed => RejectionKind.Malformed,
        AuthzRejectionReason.OwnWorkloadUnnamed
            or AuthzRejectionReason.OwnCertificateExpired
            or AuthzRejectionReason.TokenServiceKeysUnavailable
            or AuthzRejectionReason.TokenServiceKeysStale
            or AuthzRejectionReason.CrossTenantAuditFailed => RejectionKind.Unavailable,
        AuthzRejectionReason.PermissionMissing
            or AuthzRejectionReason.TenantMismatch
            or AuthzRejectionReason.MintGrantMissing
            or AuthzRejectionReason.MintTenantNotGranted
            or AuthzRejectionReason.MintSubjectKindNotGranted
            or AuthzRejectionReason.MintSubjectNotGranted
            or AuthzRejectionReason.MintPermissionNotGranted
            or AuthzRejectionReason.MintLifetimeNotGranted
            or AuthzRejectionReason.CrossTenantNotGranted
            or AuthzRejectionReason.CrossTenantGrantExpired
            or AuthzRejectionReason.ConnectionMismatch => RejectionKind.Forbidden,
        _ => RejectionKind.Unauthenticated,
    };
}

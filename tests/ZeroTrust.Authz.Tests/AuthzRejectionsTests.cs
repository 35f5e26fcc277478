namespace ZeroTrust.Authz.Tests;

public sealed class AuthzRejectionsTests
{
    [Theory]
    [InlineData(AuthzRejectionReason.ContextMissing, "authz.context_missing", RejectionKind.Unauthenticated)]
    [InlineData(AuthzRejectionReason.HeaderDuplicated, "authz.header_duplicated", RejectionKind.Malformed)]
    [InlineData(AuthzRejectionReason.TooLarge, "authz.too_large", RejectionKind.Malformed)]
    [InlineData(AuthzRejectionReason.MintGrantMissing, "authz.mint_grant_missing", RejectionKind.Forbidden)]
    [InlineData(AuthzRejectionReason.NotAddressedHere, "authz.not_addressed_here", RejectionKind.Unauthenticated)]
    [InlineData(AuthzRejectionReason.SenderMismatch, "authz.sender_mismatch", RejectionKind.Unauthenticated)]
    [InlineData(AuthzRejectionReason.PermissionMissing, "authz.permission_missing", RejectionKind.Forbidden)]
    [InlineData(AuthzRejectionReason.TenantMismatch, "authz.tenant_mismatch", RejectionKind.Forbidden)]
    [InlineData(AuthzRejectionReason.OwnWorkloadUnnamed, "authz.own_workload_unnamed", RejectionKind.Unavailable)]
    public void Codes_and_kinds_are_stable(AuthzRejectionReason reason, string code, RejectionKind kind)
    {
        var rejection = AuthzRejections.Refuse(reason, "detail", "expected", "presented");

        Assert.Equal(code, rejection.Code);
        Assert.Equal(kind, rejection.Kind);
        Assert.Equal("detail expected presented", $"{rejection.Detail} {rejection.Expected} {rejection.Presented}");
        Assert.Equal(code, AuthzRejections.Refuse(reason, "detail").Code);
    }
}

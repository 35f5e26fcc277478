namespace ZeroTrust.Authz.Tests;

public sealed class AuthzContextTests : IDisposable
{
    private readonly TestMesh _mesh = new();
    private readonly TestService _gateway;
    private readonly AuthzContext _context;

    public AuthzContextTests()
    {
        _gateway = _mesh.Run(_mesh.Gateway);
        _context = _gateway.Minter.Mint(TestMesh.Tenant, TestMesh.Subject, PermissionSet.Parse("orders:read")).GetOrThrow();
    }

    public void Dispose()
    {
        _gateway.Dispose();
        _mesh.Dispose();
    }

    [Fact]
    public void A_permission_is_held_exactly_or_not_at_all()
    {
        Assert.Same(_context, AuthzAssert.Accepted(_context.CheckPermission("orders:read")));
        AuthzAssert.Refused(AuthzRejectionReason.PermissionMissing, _context.CheckPermission("orders:write"));
        AuthzAssert.Refused(AuthzRejectionReason.PermissionMissing, _context.CheckPermission("orders:*"));
        AuthzAssert.Refused(AuthzRejectionReason.PermissionMissing, _context.CheckPermission("Orders:read"));
        Assert.Equal(RejectionKind.Forbidden, _context.CheckPermission("orders:write").Rejection?.Kind);
    }

    [Fact]
    public void Another_tenant_or_none_is_refused()
    {
        Assert.Same(_context, AuthzAssert.Accepted(_context.CheckTenant(TenantId.Parse("acme"))));
        AuthzAssert.Refused(AuthzRejectionReason.TenantMismatch, _context.CheckTenant(TenantId.Parse("acme2")));
        AuthzAssert.Refused(AuthzRejectionReason.TenantMismatch, _context.CheckTenant(default));
        Assert.Equal(RejectionKind.Forbidden, _context.CheckTenant(default).Rejection?.Kind);
    }

    [Fact]
    public void A_context_ends_at_its_end()
    {
        AuthzAssert.Accepted(_context.CheckExpiry(_context.ExpiresAt.AddTicks(-1)));
        AuthzAssert.Refused(AuthzRejectionReason.Expired, _context.CheckExpiry(_context.ExpiresAt));
        Assert.Equal(RejectionKind.Unauthenticated, _context.CheckExpiry(_context.ExpiresAt).Rejection?.Kind);
    }

    [Fact]
    public void A_context_in_a_log_line_shows_neither_subject_nor_tenant() => Assert.Equal(_context.TransactionId, _context.ToString());
}

using ZeroTrust.Authz;
using ZeroTrust.Authz.Internal;

namespace ZeroTrust.EntityFrameworkCore.Tests.Shop;

internal static class Contexts
{
    internal const string Permission = "reports:all";

    internal static AuthzContext Of(string tenant, DateTimeOffset expiresAt, params string[] permissions)
    {
        Assert.True(PermissionSet.TryCreate(permissions, out var set));
        return new AuthzContext(
            TenantId.Parse(tenant), SubjectId.Parse("user:ada"), set, "txn", [], expiresAt, new ContextWire("", [], []));
    }
}

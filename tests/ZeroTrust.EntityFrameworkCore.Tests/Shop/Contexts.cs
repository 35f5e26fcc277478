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

    /// <summary>A grant to read across tenants, for a minute.</summary>
    internal static async Task<CrossTenantGrant> GrantAsync(TestShop shop)
    {
        var grants = new CrossTenantGrants(
            new AuthzOptions { CrossTenantPermission = Permission }, new NoAudit(), shop.Time,
            Microsoft.Extensions.Logging.Abstractions.NullLogger<CrossTenantGrants>.Instance);
        var verdict = await grants.AcquireAsync(
            shop.Context("a", Permission), "The monthly report.", TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        return verdict.GetOrThrow();
    }

    private sealed class NoAudit : ICrossTenantAudit
    {
        public Task WriteAsync(CrossTenantGrant grant, CancellationToken cancellationToken) => Task.CompletedTask;
    }
}

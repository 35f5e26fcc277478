using ZeroTrust.Authz;
using ZeroTrust.Authz.Internal;

namespace ZeroTrust.Npgsql.Tests.Databases;

internal static class Contexts
{
    internal static AuthzContext Of(string tenant) => Of(tenant, TimeProvider.System.GetUtcNow() + TimeSpan.FromSeconds(120));

    internal static AuthzContext Of(string tenant, DateTimeOffset expiresAt) =>
        new(TenantId.Parse(tenant), SubjectId.Parse("user:ada"), PermissionSet.Empty, "txn", [], expiresAt, new ContextWire("", [], []));
}

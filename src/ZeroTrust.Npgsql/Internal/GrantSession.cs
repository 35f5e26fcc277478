using ZeroTrust.Authz;

namespace ZeroTrust.Npgsql.Internal;

/// <summary>
/// Reads across tenants while the grant lasts. That it cannot write is the role's rights, which are audited before the first command;
/// read-only transactions are a second hold.
/// </summary>
internal sealed class GrantSession(CrossTenantGrant grant, GrantedRole role, TimeProvider time, Pooler pooler) : ISession
{
    // The second for what follows a COMMIT in the same text; whoever cleans the session resets it.
    private const string ReadOnly =
        "pg_catalog.set_config('transaction_read_only', 'on', true), pg_catalog.set_config('default_transaction_read_only', 'on', false)";

    private static readonly Lead Each = new($"SELECT {TenantLead.PinnedPath}, {ReadOnly}");

    private static readonly Lead First = new([.. TenantLead.Resets, $"SELECT {TenantLead.PinnedPath}, {TenantLead.Rest}, {ReadOnly}"]);

    public bool CleansTransactions => pooler != Pooler.None;

    public Lead Lead(bool isFirst)
    {
        _ = grant.CheckExpiry(time.GetUtcNow()).GetOrThrow();
        role.Require();
        return isFirst && CleansTransactions ? First : Each;
    }

    public ValueTask PrepareAsync(CancellationToken cancellationToken) => role.RequireAsync(cancellationToken);
}

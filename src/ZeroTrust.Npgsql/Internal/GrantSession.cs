using ZeroTrust.Authz;

namespace ZeroTrust.Npgsql.Internal;

/// <summary>
/// Reads across tenants while the grant lasts. That it cannot write is the role's rights, which are audited before the first command;
/// read-only transactions are a second hold.
/// </summary>
internal sealed class GrantSession(CrossTenantGrant grant, GrantedRole role, TimeProvider time, Pooler pooler) : ISession
{
    // The second for what follows a COMMIT in the same text; whoever cleans the session resets it.
    internal const string ReadOnly =
        "pg_catalog.set_config('transaction_read_only', 'on', true), pg_catalog.set_config('default_transaction_read_only', 'on', false)";

    public bool CleansTransactions => pooler != Pooler.None;

    public Lead Lead(SessionLeads leads, bool isFirst)
    {
        _ = grant.CheckExpiry(time.GetUtcNow()).GetOrThrow();
        role.Require();
        return isFirst && CleansTransactions ? leads.GrantFirst : leads.Grant;
    }

    public ValueTask PrepareAsync(CancellationToken cancellationToken) => role.RequireAsync(cancellationToken);
}

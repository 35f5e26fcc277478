using ZeroTrust.Authz;

namespace ZeroTrust.Npgsql.Internal;

/// <summary>Reads across tenants while the grant lasts; the role and its policies decide that it can, the transaction that it cannot write.</summary>
internal sealed class GrantSession(CrossTenantGrant grant, TimeProvider time) : ISession
{
    private static readonly Lead ReadOnly = new("SELECT set_config('transaction_read_only','on',true)");

    public Lead Lead(bool isFirst)
    {
        _ = grant.CheckExpiry(time.GetUtcNow()).GetOrThrow();
        return ReadOnly;
    }
}

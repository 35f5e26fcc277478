using ZeroTrust.Authz;
using ZeroTrust.Npgsql.Internal;

namespace ZeroTrust.Npgsql;

/// <summary>The statement that tells the database the tenant, for integrations that send commands of their own.</summary>
public static class TenantPreamble
{
    /// <summary>The statement to send before each command, in the same transaction. It has one result set of one row, which is not the command's.</summary>
    /// <param name="context">The context.</param>
    /// <param name="key">What the tenant is signed with; null where the database does not ask for it.</param>
    /// <param name="time">The clock.</param>
    /// <returns>The statement, ending in a semicolon.</returns>
    /// <exception cref="RejectionException">There is no context, or it has ended: <c>npgsql.context_missing</c>, <c>authz.expired</c>.</exception>
    public static string Create(AuthzContext? context, TenantSigningKey? key, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        return context is null
            ? throw new RejectionException(NpgsqlRejections.Refuse(NpgsqlRejectionReason.ContextMissing, "No context is current, so there is no tenant to name."))
            : new TenantSession(context, key, time).Preamble;
    }
}

using ZeroTrust.Npgsql.Internal;

namespace ZeroTrust.Npgsql.Audit;

/// <summary>Whether <c>zerotrust.tenant()</c> and its keys are what <see cref="RowSecuritySql"/> makes.</summary>
/// <remarks>What it answers a probe says nothing of what it answers to a setting that the probe does not make.</remarks>
internal static class TenantTextAudit
{
    private const string Function = "text of zerotrust.tenant()";
    private const string Keys = "zerotrust.tenant_keys";
    private const string Again = "Run RowSecuritySql.CreateSchema again";

    // The unsigned text has never changed. A signed one that changes leaves its predecessor here for as long as that is sound and believes
    // what services sign; those before v2 bind no tenant to its session.
    private static readonly TenantFunction[] Written =
        [TenantFunction.Unsigned, TenantFunction.Signed(Pooler.None), TenantFunction.Signed(Pooler.Transaction)];

    /// <returns>Whether it can be asked: its name is its own, and it has a table to read keys from, where it needs one.</returns>
    internal static async Task<bool> RunAsync(AuditSession session)
    {
        var functions = await session.ReadAsync(
            TenantFunctionCatalog.Function,
            row => (Found: new TenantFunction(row.GetString(1), row.GetBoolean(2), row.GetString(3), row.GetFieldValue<string[]>(4),
                row.GetString(0)), HasFlags: row.GetBoolean(5), IsAlone: row.GetBoolean(6), IsOwned: row.GetBoolean(7)))
            .ConfigureAwait(false);
        var (found, hasFlags, isAlone, isOwned) = functions[0];
        string[] differences = [.. Differences(found).Concat(hasFlags ? [] : ["flags"])];
        if (differences.Length > 0)
        {
            Wrong(Function, $"its {string.Join(", ", differences)} {(differences.Length == 1 && hasFlags ? "is" : "are")} not what "
                + $"RowSecuritySql.CreateSchema writes, so it may answer a tenant that nobody named. {Again}.");
        }

        if (!isAlone)
        {
            Wrong(Function, "another function of that name stands beside it, which policies may call. Drop that, and run "
                + "RowSecuritySql.Enable again for tables that need it.");
        }

        if (!isOwned)
        {
            Wrong(Function, "its owner is another than the schema's. ALTER FUNCTION zerotrust.tenant() OWNER TO the role that migrates.");
        }

        var hasKeys = session.Options.SigningKey is null || await CheckKeysAsync(session).ConfigureAwait(false);
        return isAlone && hasKeys;

        void Wrong(string subject, string detail) => session.Find(NpgsqlRejectionReason.TenantFunctionWrong, subject, detail);
    }

    private static async Task<bool> CheckKeysAsync(AuditSession session)
    {
        var isThere = true;
        foreach (var what in await session.ReadAsync(TenantFunctionCatalog.Keys, row => row.GetString(0)).ConfigureAwait(false))
        {
            isThere &= what != "is missing";
            session.Find(NpgsqlRejectionReason.TenantFunctionWrong, Keys, $"it {what}. Only the owner of zerotrust.tenant() may read and "
                + $"write the keys that prove tenants. Drop or REVOKE that. {Again}, with new keys where these were readable.");
        }

        return isThere;
    }

    // Of the one it comes nearest to, which is the one in its language.
    private static IEnumerable<string> Differences(TenantFunction found)
    {
        var near = Array.FindAll(Written, written => written.Language == found.Language);
        if (near.Length == 0)
        {
            yield return "language";
            yield break;
        }

        if (!Array.Exists(near, written => written.IsWritten(found.Text)))
        {
            yield return "text";
        }

        if (near[0].IsDefiner != found.IsDefiner)
        {
            yield return "SECURITY";
        }

        if (near[0].Parallel != found.Parallel)
        {
            yield return "PARALLEL";
        }

        if (!near[0].Settings.SequenceEqual(found.Settings, StringComparer.Ordinal))
        {
            yield return "SET";
        }
    }
}

using Npgsql;

namespace ZeroTrust.Npgsql.Internal;

/// <summary>The parts of what goes before the commands of a tenant. The text is the same for all: the tenant is a parameter.</summary>
/// <remarks>
/// Every name is qualified and no operator is used, as the session may have a <c>search_path</c> of somebody's making. No backslash either:
/// what it means is a setting of the session too.
/// </remarks>
internal static class TenantLead
{
    internal const string Parameter = "zerotrust_tenant";

    /// <summary>An expression that names the tenant.</summary>
    internal const string Tenant = $"pg_catalog.set_config('{RowSecuritySql.Setting}', @{Parameter}, true)";

    /// <summary>Expressions that reset what no statement does inside of a transaction. The driver speaks UTF-8, which a reset need not come back to.</summary>
    internal const string Rest = "pg_catalog.pg_advisory_unlock_all(), pg_catalog.set_config('client_encoding', 'UTF8', false)";

    /// <summary>Statements that reset a session inside of a transaction. Settings come first, so that a timeout of somebody's making does not end what follows.</summary>
    internal static readonly string[] Resets =
    [
        "RESET SESSION AUTHORIZATION",
        "RESET ROLE",
        "RESET ALL",
        "CLOSE ALL",
        "UNLISTEN *",
        "DEALLOCATE ALL",
        "DISCARD SEQUENCES",
        "DISCARD TEMP",
    ];

    private static readonly Lead Clean = new([.. Resets, $"SELECT {Rest}"]);

    /// <summary>At the start of a transaction, where the session may have served another client: all that a transaction can reset.</summary>
    internal static NpgsqlCommand CreateReset(NpgsqlConnection connection, NpgsqlTransaction? transaction) =>
#pragma warning disable CA2100 // Constants.
        new(Clean.Text, connection, transaction);
#pragma warning restore CA2100
}

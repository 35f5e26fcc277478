using Npgsql;

namespace ZeroTrust.Npgsql.Internal;

/// <summary>What goes before the commands of a tenant. The text is the same for all: the tenant is a parameter.</summary>
/// <remarks>
/// Every name is qualified and no operator is used, as the session may have a <c>search_path</c> of somebody's making. No backslash either:
/// what it means is a setting of the session too.
/// </remarks>
internal static class TenantLead
{
    internal const string Parameter = "zerotrust_tenant";

    /// <summary>An expression that pins the path.</summary>
    internal const string PinnedPath = $"pg_catalog.set_config('search_path', {Path}, true)";

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

    // Whatever the path is, pg_temp comes last: a temporary table never stands in for a table. As often as it is run, it is named once.
    private const string Path =
        "pg_catalog.regexp_replace(pg_catalog.concat(pg_catalog.btrim(pg_catalog.regexp_replace("
        + "pg_catalog.concat(',', pg_catalog.current_setting('search_path'), ','), "
        + "', *\"?pg_temp\"? *(?=,)', '', 'g'), ', '), ', pg_temp'), '^, ', '')";

    private const string Tenant = $"pg_catalog.set_config('{RowSecuritySql.Setting}', @{Parameter}, true)";

    /// <summary>Before each command.</summary>
    internal static Lead Each { get; } = new($"SELECT {PinnedPath}, {Tenant}");

    /// <summary>The same, before a command that is a transaction by itself, where the session may have served another client.</summary>
    internal static Lead First { get; } = new([.. Resets, $"SELECT {PinnedPath}, {Tenant}, {Rest}"]);

    private static Lead Clean { get; } = new([.. Resets, $"SELECT {PinnedPath}, {Rest}"]);

    /// <summary>At the start of a transaction, where the session may have served another client: all that a transaction can reset.</summary>
    internal static NpgsqlCommand CreateReset(NpgsqlConnection connection, NpgsqlTransaction? transaction) =>
#pragma warning disable CA2100 // Constants.
        new(Clean.Text, connection, transaction);
#pragma warning restore CA2100
}

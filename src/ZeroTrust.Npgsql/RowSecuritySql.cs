using System.Text;
using ZeroTrust.Npgsql.Internal;

namespace ZeroTrust.Npgsql;

/// <summary>The statements that make PostgreSQL hold every row to its tenant. Run them as the schema's owner, in a migration.</summary>
/// <remarks>Names are quoted as they are given: write them as the database shows them.</remarks>
public static class RowSecuritySql
{
    internal const string Setting = "zerotrust.tenant";
    internal const string Policy = "zerotrust_tenant";
    internal const string CrossTenantPolicy = "zerotrust_cross_tenant";
    private const int MaxNameBytes = 63;

    /// <summary>
    /// The schema <c>zerotrust</c> with <c>zerotrust.tenant()</c>, which answers the tenant that the service named. Safe to run again.
    /// </summary>
    /// <returns>The statements.</returns>
    /// <remarks>
    /// SQL that an attacker gets to run can name any tenant. <see cref="CreateSchema(IReadOnlyList{TenantSigningKey}, Pooler)"/> stops
    /// that.
    /// </remarks>
    public static string CreateSchema() =>
        $$"""
        CREATE SCHEMA IF NOT EXISTS zerotrust;
        GRANT USAGE ON SCHEMA zerotrust TO PUBLIC;
        {{TenantFunction.Unsigned.Sql}}
        """;

    /// <summary>
    /// The same, where <c>zerotrust.tenant()</c> answers only a tenant signed with one of these keys, for this session, and before it
    /// expires.
    /// </summary>
    /// <param name="keys">The keys that are believed from now on: two while one follows the other.</param>
    /// <param name="pooler">
    /// The pooler between services and the database. With one, a tenant is believed in every session, as services cannot know theirs.
    /// </param>
    /// <returns>The statements. They hold secrets: keep them out of logs and of files under version control.</returns>
    /// <exception cref="ArgumentException">There is no key, or two have one id.</exception>
    public static string CreateSchema(IReadOnlyList<TenantSigningKey> keys, Pooler pooler = Pooler.None)
    {
        ArgumentNullException.ThrowIfNull(keys);
        if (keys.Count == 0 || keys.DistinctBy(key => key.Id, StringComparer.Ordinal).Count() != keys.Count)
        {
            throw new ArgumentException("At least one key, each with an id of its own.", nameof(keys));
        }

        var sql = new StringBuilder(
            """
            CREATE SCHEMA IF NOT EXISTS zerotrust;
            GRANT USAGE ON SCHEMA zerotrust TO PUBLIC;
            CREATE TABLE IF NOT EXISTS zerotrust.tenant_keys (id text PRIMARY KEY, inner_block bytea NOT NULL, outer_block bytea NOT NULL);
            REVOKE ALL ON zerotrust.tenant_keys FROM PUBLIC;
            DELETE FROM zerotrust.tenant_keys;

            """);
        foreach (var key in keys)
        {
            sql.AppendLine($"INSERT INTO zerotrust.tenant_keys VALUES ('{key.Id}', '\\x{key.InnerBlock()}', '\\x{key.OuterBlock()}');");
        }

        sql.Append(TenantFunction.Signed(pooler).Sql);
        return sql.ToString();
    }

    /// <summary>Holds a table to the tenant: for every role, its owner included, for reading and writing alike.</summary>
    /// <param name="table">The table, <c>name</c> or <c>schema.name</c>.</param>
    /// <param name="tenantColumn">Its column with the tenant, of type <c>text</c> or <c>varchar</c>.</param>
    /// <returns>The statements.</returns>
    public static string Enable(string table, string tenantColumn) =>
        $"""
        ALTER TABLE {Table(table)} ALTER COLUMN {Name(tenantColumn)} SET NOT NULL;
        ALTER TABLE {Table(table)} ENABLE ROW LEVEL SECURITY;
        ALTER TABLE {Table(table)} FORCE ROW LEVEL SECURITY;
        CREATE POLICY {Policy} ON {Table(table)} USING ({Name(tenantColumn)} = (SELECT zerotrust.tenant())) WITH CHECK ({Name(tenantColumn)} = (SELECT zerotrust.tenant()));
        """;

    /// <summary>Takes back <see cref="Enable"/>. The rows are open to every role that may read the table.</summary>
    /// <param name="table">The table.</param>
    /// <returns>The statements.</returns>
    public static string Disable(string table) =>
        $"""
        DROP POLICY {Policy} ON {Table(table)};
        ALTER TABLE {Table(table)} NO FORCE ROW LEVEL SECURITY;
        ALTER TABLE {Table(table)} DISABLE ROW LEVEL SECURITY;
        """;

    /// <summary>A key of tenant and id, for foreign keys to refer to: policies do not bind the checks of foreign keys.</summary>
    /// <param name="table">The table.</param>
    /// <param name="tenantColumn">Its column with the tenant.</param>
    /// <param name="columns">The columns of the id.</param>
    /// <returns>The statement.</returns>
    public static string AddKey(string table, string tenantColumn, params IReadOnlyList<string> columns) =>
        $"ALTER TABLE {Table(table)} ADD UNIQUE ({Columns(tenantColumn, columns)});";

    /// <summary>A foreign key within the tenant.</summary>
    /// <param name="table">The table that refers.</param>
    /// <param name="tenantColumn">Its column with the tenant.</param>
    /// <param name="columns">Its columns with the id of the other row.</param>
    /// <param name="principalTable">The table it refers to.</param>
    /// <param name="principalTenantColumn">The column with the tenant there.</param>
    /// <param name="principalColumns">The columns with the id there.</param>
    /// <returns>The statement.</returns>
    public static string AddForeignKey(
        string table, string tenantColumn, IReadOnlyList<string> columns, string principalTable, string principalTenantColumn, IReadOnlyList<string> principalColumns) =>
        $"ALTER TABLE {Table(table)} ADD FOREIGN KEY ({Columns(tenantColumn, columns)}) REFERENCES {Table(principalTable)} ({Columns(principalTenantColumn, principalColumns)});";

    /// <summary>A view that reads with the rights of whoever queries it, so that the policies of its tables hold (PostgreSQL 15).</summary>
    /// <param name="view">The view, <c>name</c> or <c>schema.name</c>.</param>
    /// <param name="query">Its query.</param>
    /// <returns>The statement.</returns>
    public static string CreateView(string view, string query)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(query);
        return $"CREATE VIEW {Table(view)} WITH (security_invoker = true) AS {query};";
    }

    /// <summary>Lets a role read the rows of all tenants: one of its own, which no service that serves tenants logs in as.</summary>
    /// <param name="table">The table.</param>
    /// <param name="role">The role.</param>
    /// <returns>The statements.</returns>
    public static string GrantCrossTenantRead(string table, string role) =>
        $"""
        CREATE POLICY {CrossTenantPolicy} ON {Table(table)} FOR SELECT TO {Name(role)} USING (true);
        GRANT SELECT ON {Table(table)} TO {Name(role)};
        """;

    /// <summary>
    /// Takes from a role, and where that is needed from PUBLIC, what the audit would find: attributes, CREATE in the database and its
    /// schemas, temporary objects, statements that others of the role can see, and parameters in the log.
    /// </summary>
    /// <param name="role">The role of the service, or one that reads across tenants.</param>
    /// <returns>The statements. Run them as a superuser, in the database, where the role is made; sessions that are open keep the settings
    /// they have.</returns>
    public static string RestrictRole(string role)
    {
        var name = Name(role);
        return name.Contains("$zerotrust$", StringComparison.Ordinal)
            ? throw new ArgumentException("A role of this name cannot be written.", nameof(role))
            : $"""
            ALTER ROLE {name} NOSUPERUSER NOBYPASSRLS NOREPLICATION NOCREATEROLE NOCREATEDB;
            ALTER ROLE {name} SET track_activities = off;
            ALTER ROLE {name} SET log_parameter_max_length = 0;
            ALTER ROLE {name} SET log_parameter_max_length_on_error = 0;
            DO $zerotrust$
            DECLARE place text;
            BEGIN
              EXECUTE format('REVOKE CREATE, TEMPORARY ON DATABASE %I FROM PUBLIC', current_database());
              EXECUTE format('REVOKE CREATE, TEMPORARY ON DATABASE %I FROM ', current_database()) || {Literal(name)};
              FOR place IN SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema' LOOP
                EXECUTE format('REVOKE CREATE ON SCHEMA %I FROM PUBLIC', place);
                EXECUTE format('REVOKE CREATE ON SCHEMA %I FROM ', place) || {Literal(name)};
              END LOOP;
            END $zerotrust$;
            """;
    }

    private static string Literal(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    private static string Columns(string tenantColumn, IReadOnlyList<string> columns)
    {
        ArgumentNullException.ThrowIfNull(columns);
        return columns.Count > 0
            ? string.Join(", ", columns.Prepend(tenantColumn).Select(Name))
            : throw new ArgumentException("At least one column beside the tenant.", nameof(columns));
    }

    private static string Table(string table)
    {
        ArgumentException.ThrowIfNullOrEmpty(table);
        return string.Join('.', table.Split('.', 2).Select(Name));
    }

    private static string Name(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return name.Contains('\0', StringComparison.Ordinal) || Encoding.UTF8.GetByteCount(name) > MaxNameBytes
            ? throw new ArgumentException($"A name has at most {MaxNameBytes} bytes and no NUL.", nameof(name))
            : $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }
}

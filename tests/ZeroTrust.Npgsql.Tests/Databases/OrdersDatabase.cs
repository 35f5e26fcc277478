using System.Globalization;
using Npgsql;
using ZeroTrust.Tests.Postgres;

namespace ZeroTrust.Npgsql.Tests.Databases;

/// <summary>Orders of tenants a and b, held by policies: made by an owner, used by a role of the service.</summary>
internal sealed class OrdersDatabase : IDisposable
{
    private static readonly byte[] Secret = [.. Enumerable.Range(1, 40).Select(i => (byte)i)];
    private static int _roles;

    private readonly PostgresServer _server;
    private readonly string _database;
    private readonly NpgsqlDataSource _superuser;
    private readonly List<NpgsqlDataSource> _sources = [];

    internal OrdersDatabase(PostgresServer server, bool signed = false, Pooler pooler = Pooler.None)
    {
        server.Require();
        _server = server;
        var number = Interlocked.Increment(ref _roles).ToString(CultureInfo.InvariantCulture);
        Owner = "owner_" + number;
        App = "app_" + number;
        Reports = "reports_" + number;
        PostgresServer.Execute(server.ConnectionString(), $"CREATE ROLE {Owner} LOGIN; CREATE ROLE {App} LOGIN; CREATE ROLE {Reports} LOGIN");
        _database = server.CreateDatabase(Owner);
        _superuser = NpgsqlDataSource.Create(server.ConnectionString(_database));
        Key = signed ? new TenantSigningKey("k1", Secret) : null;
        AsOwner(
            $"""
            {(Key is null ? RowSecuritySql.CreateSchema() : RowSecuritySql.CreateSchema([Key], pooler))}
            CREATE TABLE orders (tenant_id text, id int, product text, PRIMARY KEY (tenant_id, id));
            CREATE TABLE lines (id int PRIMARY KEY, tenant_id varchar(128), order_id int, text text);
            CREATE TABLE countries (name text);
            {RowSecuritySql.Enable("orders", "tenant_id")}
            {RowSecuritySql.Enable("public.lines", "tenant_id")}
            {RowSecuritySql.AddForeignKey("lines", "tenant_id", ["order_id"], "orders", "tenant_id", ["id"])}
            {RowSecuritySql.CreateView("products", "SELECT tenant_id, product FROM orders")}
            GRANT SELECT, INSERT, UPDATE, DELETE ON orders, lines TO {App};
            GRANT SELECT ON countries, products TO {App};
            {RowSecuritySql.GrantCrossTenantRead("orders", Reports)}
            """);
        PostgresServer.Execute(server.ConnectionString(_database), RowSecuritySql.RestrictRole(App) + RowSecuritySql.RestrictRole(Reports));
        AsSuperuser("INSERT INTO orders VALUES ('a', 1, 'anvil'), ('b', 2, 'bell'); INSERT INTO lines VALUES (1, 'a', 1, 'line of a'), (2, 'b', 2, 'line of b'); INSERT INTO countries VALUES ('Utopia')");
        Source = Connect(App);
        Options.SharedObjects.Add("public.countries");
        Options.SigningKey = Key;
    }

    internal string Owner { get; }

    internal string App { get; }

    internal string Reports { get; }

    internal string Name => _database;

    internal TenantSigningKey? Key { get; }

    internal NpgsqlDataSource Source { get; }

    internal RowLevelSecurityOptions Options { get; } = new();

    internal string[] RowsOfB => [.. AsSuperuser("SELECT id || '|' || product FROM orders WHERE tenant_id = 'b' UNION ALL SELECT id || '|' || text FROM lines WHERE tenant_id = 'b' ORDER BY 1")];

    internal static readonly string[] UntouchedRowsOfB = ["2|bell", "2|line of b"];

    internal NpgsqlDataSource Connect(string role, string settings = "")
    {
        var source = NpgsqlDataSource.Create($"{_server.ConnectionString(_database, role)};{settings}");
        _sources.Add(source);
        return source;
    }

    internal TenantDataSource As(string tenant) => Source.WithTenant(Contexts.Of(tenant), Key);

    internal List<string> AsSuperuser(string sql)
    {
        using var command = _superuser.CreateCommand(sql);
        using var reader = command.ExecuteReader();
        var rows = new List<string>();
        while (reader.Read())
        {
            rows.Add(reader.GetString(0));
        }

        return rows;
    }

    internal void AsOwner(string sql) => PostgresServer.Execute(_server.ConnectionString(_database, Owner), sql);

    public void Dispose()
    {
        _sources.ForEach(source => source.Dispose());
        _superuser.Dispose();
    }
}

using System.Globalization;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using ZeroTrust.Authz;
using ZeroTrust.EntityFrameworkCore;
using ZeroTrust.Mtls;
using ZeroTrust.Npgsql;
using ZeroTrust.Testing;
using ZeroTrust.Tests.Postgres;

namespace ZeroTrust.Benchmarks;

/// <summary>One query for one tenant's two rows, another tenant each time: with the tenant written into the query by hand, beside the same confined.</summary>
/// <remarks>Entity Framework Core on SQLite in memory, where nothing hides the overhead, and on PostgreSQL; Npgsql on PostgreSQL, on loopback.</remarks>
[MemoryDiagnoser]
[GroupBenchmarksBy(BenchmarkLogicalGroupRule.ByCategory, BenchmarkLogicalGroupRule.ByParams)]
[CategoriesColumn]
public class TenancyBenchmarks
{
    private const string Workload = "spiffe://example.test/orders";
    private const int MaxContexts = 1_000;
    private const string HandWritten = "SELECT id, product FROM plain WHERE tenant_id = @tenant";
    private const string Confined = "SELECT id, product FROM confined";

    // Ahead of the database's clock, so that no context ends while it is measured.
    private readonly FixedTime _time = new(TimeProvider.System.GetUtcNow() + TimeSpan.FromDays(1));
    private readonly TenantSigningKey _key = new("benchmark", new byte[32]);
    private readonly List<IAsyncDisposable> _owned = [];
    private AuthzContext[] _contexts = [];
    private IAuthzContextAccessor _accessor = null!;
    private ServiceProvider _plainSqlite = null!;
    private ServiceProvider _tenantSqlite = null!;
    private ServiceProvider _plainPostgres = null!;
    private ServiceProvider _tenantPostgres = null!;
    private NpgsqlDataSource _unsigned = null!;
    private NpgsqlDataSource _signed = null!;
    private int _next;

    [Params(1, 1_000, 100_000)]
    public int Tenants { get; set; }

    [GlobalSetup]
    public async Task Setup()
    {
        Mint();
        var sqlite = await CreateSqliteAsync();
        _plainSqlite = Services(tenancy: false, db => db.UseSqlite(sqlite));
        _tenantSqlite = Services(tenancy: true, db => db.UseSqlite(sqlite));
        var server = new PostgresProcess();
        _owned.Add(server);
        await server.InitializeAsync();
        _unsigned = CreatePostgres(server, RowSecuritySql.CreateSchema());
        _signed = CreatePostgres(server, RowSecuritySql.CreateSchema([_key]));
        _plainPostgres = Services(tenancy: false, db => db.UseNpgsql(_unsigned));
        _tenantPostgres = Services(tenancy: true, db => db.UseNpgsql(_signed), rowSecurity: true);
    }

    [GlobalCleanup]
    public async Task Cleanup()
    {
        foreach (var owned in Enumerable.Reverse(_owned))
        {
            await owned.DisposeAsync();
        }

        _owned.Clear();
    }

    [BenchmarkCategory("EF Core, SQLite"), Benchmark(Baseline = true, Description = "by hand")]
    public async Task<int> PlainSqlite() => await ReadPlainAsync(_plainSqlite);

    [BenchmarkCategory("EF Core, SQLite"), Benchmark(Description = "AddTenancy")]
    public async Task<int> TenantSqlite() => await ReadConfinedAsync(_tenantSqlite);

    [BenchmarkCategory("EF Core, PostgreSQL"), Benchmark(Baseline = true, Description = "by hand")]
    public async Task<int> PlainPostgres() => await ReadPlainAsync(_plainPostgres);

    [BenchmarkCategory("EF Core, PostgreSQL"), Benchmark(Description = "AddRowLevelSecurity, signed")]
    public async Task<int> TenantPostgres() => await ReadConfinedAsync(_tenantPostgres);

    [BenchmarkCategory("Npgsql"), Benchmark(Baseline = true, Description = "by hand")]
    public async Task<int> PlainNpgsql()
    {
        await using var connection = await _unsigned.OpenConnectionAsync();
        await using var command = new NpgsqlCommand(HandWritten, connection);
        command.Parameters.AddWithValue("tenant", Next().Tenant.ToString());
        return await CountAsync(command);
    }

    [BenchmarkCategory("Npgsql"), Benchmark(Description = "policies")]
    public async Task<int> UnsignedNpgsql() => await ReadNpgsqlAsync(_unsigned, key: null);

    [BenchmarkCategory("Npgsql"), Benchmark(Description = "policies, signed")]
    public async Task<int> SignedNpgsql() => await ReadNpgsqlAsync(_signed, _key);

    private static async Task<int> CountAsync(System.Data.Common.DbCommand command)
    {
        await using var reader = await command.ExecuteReaderAsync();
        var rows = 0;
        while (await reader.ReadAsync())
        {
            rows++;
        }

        return rows == 2 ? rows : throw new InvalidOperationException($"{rows} rows.");
    }

    private async Task<int> ReadNpgsqlAsync(NpgsqlDataSource source, TenantSigningKey? key)
    {
        await using var connection = await source.WithTenant(Next(), key).OpenConnectionAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = Confined;
        return await CountAsync(command);
    }

    private async Task<int> ReadPlainAsync(ServiceProvider services)
    {
        var tenant = Next().Tenant.ToString();
        await using var scope = services.CreateAsyncScope();
        return Two(await scope.ServiceProvider.GetRequiredService<PlainDb>().Rows.AsNoTracking().Where(row => row.TenantId == tenant).ToListAsync());
    }

    private async Task<int> ReadConfinedAsync(ServiceProvider services)
    {
        using var entered = _accessor.Enter(Next());
        await using var scope = services.CreateAsyncScope();
        return Two(await scope.ServiceProvider.GetRequiredService<ConfinedDb>().Rows.AsNoTracking().ToListAsync());
    }

    private static int Two(List<Row> rows) => rows.Count == 2 ? 2 : throw new InvalidOperationException($"{rows.Count} rows.");

    private AuthzContext Next() => _contexts[_next++ % _contexts.Length];

    private void Mint()
    {
        var root = TestCertificateAuthority.Create("benchmark root", _time);
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().Build());
        services.AddSingleton<TimeProvider>(_time);
        services.AddSingleton<IPeerCredentialSource>(new MemoryPeerCredentialSource(root.Issue(Workload).ToCredential()));
        services.AddSingleton<ITrustBundleSource>(new MemoryTrustBundleSource(new TrustBundleSet(root.ToBundle("example.test"))));
        services.AddZeroTrust().AddMtls(static options => options.TrustDomain = "example.test").AddAuthz(options => options.MintGrants.Add(
            new MintGrantOptions { Workload = Workload, Tenants = ["*"], SubjectKinds = [SubjectKind.User] }));
        var provider = services.BuildServiceProvider();
        _owned.Add(provider);
        _accessor = provider.GetRequiredService<IAuthzContextAccessor>();
        var minter = provider.GetRequiredService<AuthzContextMinter>();
        var step = Math.Max(1, Tenants / MaxContexts);
        _contexts = [.. Enumerable.Range(0, Math.Min(Tenants, MaxContexts)).Select(i => minter.Mint(
            TenantId.Parse(string.Create(CultureInfo.InvariantCulture, $"t{i * step}")), SubjectId.Parse("main/ada"), PermissionSet.Empty).GetOrThrow())];
    }

    private async Task<string> CreateSqliteAsync()
    {
        var connectionString = string.Create(CultureInfo.InvariantCulture, $"Data Source=tenancy{Tenants};Mode=Memory;Cache=Shared");
        var keepAlive = new SqliteConnection(connectionString);
        _owned.Add(keepAlive);
        await keepAlive.OpenAsync();
        await using var command = keepAlive.CreateCommand();
#pragma warning disable CA2100 // Numbers of this benchmark.
        command.CommandText = string.Create(CultureInfo.InvariantCulture, $"""
            CREATE TABLE plain (tenant_id TEXT NOT NULL, id INTEGER NOT NULL, product TEXT NOT NULL, PRIMARY KEY (tenant_id, id));
            WITH RECURSIVE n(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM n WHERE n < {(Tenants * 2) - 1}) INSERT INTO plain SELECT 't' || (n / 2), n, 'product' FROM n;
            CREATE TABLE confined AS SELECT * FROM plain;
            CREATE UNIQUE INDEX by_tenant ON confined (tenant_id, id);
            """);
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync();
        return connectionString;
    }

    private NpgsqlDataSource CreatePostgres(PostgresProcess server, string schema)
    {
        var database = server.CreateDatabase();
        PostgresProcess.Execute(server.ConnectionString(database), string.Create(CultureInfo.InvariantCulture, $"""
            CREATE ROLE {database}_app LOGIN;
            {schema}
            CREATE TABLE plain (tenant_id text NOT NULL, id int NOT NULL, product text NOT NULL, PRIMARY KEY (tenant_id, id));
            INSERT INTO plain SELECT 't' || (n / 2), n, 'product' FROM generate_series(0, {(Tenants * 2) - 1}) n;
            CREATE TABLE confined (LIKE plain INCLUDING ALL);
            INSERT INTO confined SELECT * FROM plain;
            {RowSecuritySql.Enable("confined", "tenant_id")}
            GRANT SELECT ON plain, confined TO {database}_app;
            """));
        PostgresProcess.Execute(server.ConnectionString(database), "VACUUM ANALYZE");
        var source = NpgsqlDataSource.Create(server.ConnectionString(database, database + "_app"));
        _owned.Add(source);
        return source;
    }

    private ServiceProvider Services(bool tenancy, Action<DbContextOptionsBuilder> configure, bool rowSecurity = false)
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().Build());
        services.AddSingleton(_accessor);
        services.AddSingleton<TimeProvider>(_time);
        if (!tenancy)
        {
            services.AddDbContextPool<PlainDb>(configure);
        }
        else
        {
            services.AddDbContextPool<ConfinedDb>(configure);
            _ = rowSecurity
                ? services.AddZeroTrust().AddRowLevelSecurity<ConfinedDb>(options => options.SigningKey = _key)
                : services.AddZeroTrust().AddTenancy<ConfinedDb>();
        }

        var provider = services.BuildServiceProvider();
        _owned.Add(provider);
        return provider;
    }

    public sealed class Row
    {
        public string TenantId { get; set; } = null!;

        public int Id { get; set; }

        public string Product { get; set; } = "";

        internal static void Map(ModelBuilder model, string table)
        {
            var row = model.Entity<Row>().ToTable(table);
            row.HasKey(static row => new { row.TenantId, row.Id });
            row.Property(static row => row.TenantId).HasColumnName("tenant_id");
            row.Property(static row => row.Id).HasColumnName("id").ValueGeneratedNever();
            row.Property(static row => row.Product).HasColumnName("product");
        }
    }

    public sealed class PlainDb(DbContextOptions<PlainDb> options) : DbContext(options)
    {
        public DbSet<Row> Rows => Set<Row>();

        protected override void OnModelCreating(ModelBuilder modelBuilder) => Row.Map(modelBuilder, "plain");
    }

    public sealed class ConfinedDb(DbContextOptions<ConfinedDb> options) : DbContext(options)
    {
        public DbSet<Row> Rows => Set<Row>();

        protected override void OnModelCreating(ModelBuilder modelBuilder)
        {
            Row.Map(modelBuilder, "confined");
            modelBuilder.Entity<Row>().HasTenant();
        }
    }

    private sealed class FixedTime(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}

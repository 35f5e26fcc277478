using System.Diagnostics.CodeAnalysis;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.EntityFrameworkCore.Migrations.Operations;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.EntityFrameworkCore.Update;
using Microsoft.Extensions.DependencyInjection;
using ZeroTrust.EntityFrameworkCore.Tests.Shop;
using ZeroTrust.Tests.Postgres;

namespace ZeroTrust.EntityFrameworkCore.Tests;

#pragma warning disable EF1001 // The attacks use internal services.

/// <summary>Commands and saves of Entity Framework Core's own services, which ask no interceptor where no logger is passed.</summary>
public abstract class TenancyServiceCommandTests
{
    private const string ReadB = "SELECT \"Text\" FROM \"Notes\" WHERE \"TenantId\" = 'b'";
    private const string WriteB = "UPDATE \"Notes\" SET \"Text\" = 'stolen' WHERE \"TenantId\" = 'b'";

    [Theory]
    [InlineData(CommandSource.Unknown, "tenancy.command_unconfined")]
    [InlineData(CommandSource.LinqQuery, "tenancy.command_unconfined")]
    [InlineData(CommandSource.ExecuteUpdate, "tenancy.command_unconfined")]
    [InlineData(CommandSource.SaveChanges, "tenancy.command_unconfined")]
    [InlineData(CommandSource.ValueGenerator, "tenancy.command_unconfined")]
    [InlineData(CommandSource.Migrations, "tenancy.command_unconfined")]
    [InlineData(CommandSource.ExecuteSqlRaw, "tenancy.raw_sql_refused")]
    [InlineData(CommandSource.FromSqlQuery, "tenancy.raw_sql_refused")]
    public void A_command_of_the_services_is_refused_without_a_logger_whatever_it_says_of_itself(CommandSource source, string code)
    {
        using var shop = Open();
        shop.Refused(code, db => db.GetService<IRawSqlCommandBuilder>().Build(ReadB).ExecuteScalar(Parameters(db, source)));
        shop.Refused(code, db => db.GetService<IRawSqlCommandBuilder>().Build(ReadB).ExecuteReader(Parameters(db, source)).Dispose());
        shop.Refused(code, db => Built(db, WriteB).ExecuteNonQuery(Parameters(db, source)));
        shop.Refused(code, db => Sync(Built(db, WriteB).ExecuteNonQueryAsync(Parameters(db, source), Stop)));
        shop.Refused(code, db => Sync(Built(db, ReadB).ExecuteScalarAsync(Parameters(db, source), Stop)));
        shop.Refused(code, db => Sync(Built(db, ReadB).ExecuteReaderAsync(Parameters(db, source), Stop)));
    }

    [Fact]
    public void A_command_of_the_connection_is_refused_without_a_logger()
    {
        using var shop = Open();
        shop.Refused("tenancy.command_unconfined", db =>
        {
            var command = db.GetService<IRelationalConnection>().RentCommand();
            command.PopulateFrom(Built(db, ReadB));
            _ = command.ExecuteScalar(Parameters(db, CommandSource.Unknown));
        });
        shop.Refused("tenancy.command_unconfined", db =>
            Built(db, ReadB).CreateDbCommand(Parameters(db, CommandSource.Unknown), Guid.Empty, DbCommandMethod.ExecuteScalar));
    }

    [Fact]
    public void The_database_context_of_the_connection_counts_and_not_the_one_that_is_passed()
    {
        using var shop = Open();
        var plain = new DbContextOptionsBuilder<ShopDb>();
        shop.Database.Use(plain);
        using var unconfined = new ShopDb(plain.Options);
        shop.Refused("tenancy.command_unconfined", db => Built(unconfined.GetService<ICurrentDbContext>().Context, db, WriteB));
    }

    [Fact]
    public void Commands_of_the_schema_are_refused_in_a_call_of_a_tenant()
    {
        using var shop = Open();
        shop.Refused("tenancy.command_unconfined", db => db.GetService<IMigrationCommandExecutor>().ExecuteNonQuery(
            db.GetService<IMigrationsSqlGenerator>().Generate([new SqlOperation { Sql = WriteB }]), db.GetService<IRelationalConnection>()));
        shop.Refused("tenancy.command_unconfined", db => db.GetService<IRelationalDatabaseCreator>().CreateTables());
        shop.Refused("tenancy.command_unconfined", db => db.Database.Migrate());
        Assert.True(shop.As("a", db => db.Database.CanConnect()));
    }

    [Fact]
    public void The_schema_is_made_and_asked_about_where_no_tenant_calls()
    {
        using var shop = Open();
        using var scope = shop.CreateScope();
        var db = scope.ServiceProvider.GetRequiredService<ShopDb>();
        if (IsEnsured)
        {
            Assert.False(db.Database.EnsureCreated());
        }

        db.Database.Migrate();
        Assert.Empty(db.Database.GetPendingMigrations());
        Assert.True(db.Database.CanConnect());
        Assert.Equal(
            "tenancy.context_missing",
            TestShop.RefusalOf(() => Built(db, ReadB).ExecuteScalar(Parameters(db, CommandSource.ExecuteSqlRaw))).Code);
    }

    [Fact]
    public void Rows_of_a_save_that_no_database_context_tracks_are_looked_at()
    {
        using var shop = Open();
        shop.Refused("tenancy.foreign_row", db => db.GetService<IDatabase>().SaveChanges(Deleted(db, db.Model, "b")));
        shop.Refused("tenancy.foreign_row", db => Sync(db.GetService<IDatabase>().SaveChangesAsync(Deleted(db, db.Model, "b"), Stop)));
        shop.Refused("tenancy.command_unconfined", db => db.GetService<IDatabase>().SaveChanges(Deleted(db, PlainModel(shop), "b")));
        shop.Refused("tenancy.command_unconfined", db => db.GetService<IBatchExecutor>().Execute(
            db.GetService<ICommandBatchPreparer>().BatchCommands(
                Deleted(db, db.Model, "b"), db.GetService<IUpdateAdapterFactory>().CreateStandalone()),
            db.GetService<IRelationalConnection>()));
        shop.Refused("tenancy.shared_row_written", db =>
        {
            var adapter = db.GetService<IUpdateAdapterFactory>().CreateStandalone();
            adapter.CreateEntry(
                new Dictionary<string, object?>(StringComparer.Ordinal) { ["Id"] = 1, ["Name"] = "x" },
                db.Model.FindEntityType(typeof(Country))!).EntityState = EntityState.Deleted;
            _ = db.GetService<IDatabase>().SaveChanges(adapter.GetEntriesToSave());
        });

        Assert.Equal(1, shop.As("a", db => db.GetService<IDatabase>().SaveChanges(Deleted(db, db.Model, "a"))));
        Assert.Equal(0, shop.As("a", db => db.Tags.Count()));
    }

    [Fact]
    public void A_save_without_a_call_is_refused_also_by_the_services()
    {
        using var shop = Open();
        using var scope = shop.CreateScope();
        var db = scope.ServiceProvider.GetRequiredService<ShopDb>();
        Assert.Equal(
            "tenancy.context_missing",
            TestShop.RefusalOf(() => db.GetService<IDatabase>().SaveChanges(Deleted(db, db.Model, "b"))).Code);
    }

    [Fact]
    public void Raw_sql_that_is_allowed_runs_by_the_services_in_a_call_alone()
    {
        using var shop = Open(tenancy => tenancy.DangerousAllowRawSql("Tested."));
        Assert.Equal("note of a", shop.As("a", db =>
            Built(db, "SELECT \"Text\" FROM \"Notes\" WHERE \"TenantId\" = 'a'").ExecuteScalar(Parameters(db, CommandSource.ExecuteSqlRaw))));
        using var scope = shop.CreateScope();
        var outside = scope.ServiceProvider.GetRequiredService<ShopDb>();
        Assert.Equal(
            "tenancy.context_missing",
            TestShop.RefusalOf(() => Built(outside, ReadB).ExecuteScalar(Parameters(outside, CommandSource.ExecuteSqlRaw))).Code);
    }

    [Fact]
    public async Task A_grant_runs_no_command_of_the_services()
    {
        using var shop = Open(tenancy => tenancy.AllowCrossTenantReads(
            (provider, options) => provider.GetRequiredService<TestDatabaseHolder>().Database.Use(options)));
        var grant = await Contexts.GrantAsync(shop);
        using var scope = shop.CreateScope();
        await using var db = scope.ServiceProvider.GetRequiredService<ICrossTenantDbContextFactory<ShopDb>>().CreateDbContext(grant);
        foreach (var source in new[] { CommandSource.Unknown, CommandSource.Migrations, CommandSource.ExecuteSqlRaw })
        {
            Assert.Equal(
                "tenancy.cross_tenant_write",
                TestShop.RefusalOf(() => Built(db, WriteB).ExecuteNonQuery(Parameters(db, source))).Code);
        }

        Assert.Equal(
            "tenancy.command_unconfined",
            TestShop.RefusalOf(() => Built(db, WriteB).ExecuteNonQuery(Parameters(db, CommandSource.LinqQuery))).Code);
        Assert.Equal(
            "tenancy.cross_tenant_write",
            TestShop.RefusalOf(() => db.GetService<IDatabase>().SaveChanges(Deleted(db, db.Model, "b"))).Code);
        Assert.Equal(TestShop.UntouchedRowsOfB, shop.RowsOfB);
    }

    [Fact]
    public void The_command_of_a_query_is_made_with_its_filter()
    {
        using var shop = Open();
        Assert.Contains("TenantId", shop.As("a", db => db.Notes.IgnoreQueryFilters().CreateDbCommand().CommandText), StringComparison.Ordinal);
    }

    internal abstract TestDatabase CreateDatabase();

    /// <summary>Whether the provider names its commands of the schema as such.</summary>
    internal abstract bool IsEnsured { get; }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private TestShop Open(Action<TenancyBuilder<ShopDb>>? configure = null)
    {
        var shop = new TestShop(CreateDatabase(), configure);
        foreach (var (id, tenant) in new[] { (1, "a"), (2, "b") })
        {
            shop.As(tenant, db => db.Add(new Tag { Id = id }).Context.SaveChanges());
        }

        return shop;
    }

    private static IRelationalCommand Built(DbContext db, string sql) =>
        db.GetService<IRelationalCommandBuilderFactory>().Create().Append(sql).Build();

    private static void Built(DbContext passed, DbContext db, string sql) => Built(db, sql).ExecuteNonQuery(new RelationalCommandParameterObject(
        db.GetService<IRelationalConnection>(), parameterValues: null, readerColumns: null, passed, logger: null));

    private static RelationalCommandParameterObject Parameters(DbContext db, CommandSource source) =>
        new(db.GetService<IRelationalConnection>(), parameterValues: null, readerColumns: null, db, logger: null, source);

    private static IModel PlainModel(TestShop shop)
    {
        var plain = new DbContextOptionsBuilder<ShopDb>();
        shop.Database.Use(plain);
        using var unconfined = new ShopDb(plain.Options);
        return unconfined.Model;
    }

    private static IList<IUpdateEntry> Deleted(DbContext db, IModel model, string tenant)
    {
        var adapter = db.GetService<IUpdateAdapterFactory>().CreateStandalone(model);
        adapter.CreateEntry(
            new Dictionary<string, object?>(StringComparer.Ordinal) { ["Id"] = tenant == "a" ? 1 : 2, ["Tenant"] = tenant },
            model.FindEntityType(typeof(Tag))!).EntityState = EntityState.Deleted;
        return adapter.GetEntriesToSave();
    }

    [SuppressMessage("Usage", "VSTHRD002", Justification = "The refusal comes before the command.")]
    private static void Sync(Task act) => act.GetAwaiter().GetResult();
}

public sealed class SqliteServiceCommandTests : TenancyServiceCommandTests
{
    internal override TestDatabase CreateDatabase() => TestDatabase.Sqlite();

    internal override bool IsEnsured => true;
}

public sealed class PostgresServiceCommandTests(PostgresServer server) : TenancyServiceCommandTests, IClassFixture<PostgresServer>
{
    internal override TestDatabase CreateDatabase() => TestDatabase.Postgres(server);

    internal override bool IsEnsured => false;
}

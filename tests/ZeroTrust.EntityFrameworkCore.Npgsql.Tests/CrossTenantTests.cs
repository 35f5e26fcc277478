using System.Globalization;
using System.Transactions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.EntityFrameworkCore.Migrations.Operations;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using ZeroTrust.Authz;
using ZeroTrust.Authz.Internal;
using ZeroTrust.Npgsql;
using ZeroTrust.Tests.Postgres;

namespace ZeroTrust.EntityFrameworkCore.Npgsql.Tests;

/// <summary>
/// Database contexts that read across tenants: of a role that is audited before the first command, in read-only sessions.
/// </summary>
public sealed class CrossTenantTests(PostgresServer server) : IClassFixture<PostgresServer>
{
    private static int _roles;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_role_that_reads_reads_across_tenants_and_its_session_is_read_only()
    {
        var (host, _, _) = Start();
        using var scope = host.CreateScope();
        await using var db = scope.ServiceProvider.GetRequiredService<ICrossTenantDbContextFactory<OrdersDb>>().CreateDbContext(Grant());
        Assert.Equal(2, await db.Orders.CountAsync(Stop));
        await using (var transaction = await db.Database.BeginTransactionAsync(Stop))
        {
            Assert.Equal(2, await db.Orders.CountAsync(Stop));
            await using var command = db.Database.GetDbConnection().CreateCommand();
            command.CommandText = "SHOW transaction_read_only";
            Assert.Equal("on", await command.ExecuteScalarAsync(Stop));
        }

        await db.Database.OpenConnectionAsync(Stop);
        foreach (var write in new[] { "UPDATE \"Orders\" SET \"Product\" = 'written'", "COMMIT; SET default_transaction_read_only = off; "
            + "DELETE FROM \"Orders\"" })
        {
            await using var command = db.Database.GetDbConnection().CreateCommand();
#pragma warning disable CA2100 // The tests' own text.
            command.CommandText = write;
#pragma warning restore CA2100
            await Assert.ThrowsAsync<PostgresException>(() => command.ExecuteNonQueryAsync(Stop));
        }
    }

    [Theory]
    [InlineData("GRANT UPDATE ON \"Orders\" TO $reports")]
    [InlineData("GRANT pg_write_all_data TO $reports")]
    [InlineData("ALTER TABLE \"Orders\" OWNER TO $reports")]
    public async Task A_role_that_may_write_is_refused_before_its_first_command(string sql)
    {
        var (host, database, reports) = Start();
        PostgresServer.Execute(server.ConnectionString(database), sql.Replace("$reports", reports, StringComparison.Ordinal));
        using var scope = host.CreateScope();
        await using var db = scope.ServiceProvider.GetRequiredService<ICrossTenantDbContextFactory<OrdersDb>>().CreateDbContext(Grant());
        Assert.Equal("npgsql.grant_writes", await CodeAsync(() => db.Orders.CountAsync(Stop)));
        Assert.Equal("npgsql.grant_writes", Assert.Throws<RejectionException>(() => db.Orders.Count()).Rejection.Code);
        Assert.Equal("npgsql.grant_writes", await CodeAsync(() => db.Database.BeginTransactionAsync(Stop)));
        Assert.Equal(System.Data.ConnectionState.Closed, db.Database.GetDbConnection().State);
    }

    [Fact]
    public async Task A_connection_that_was_opened_elsewhere_is_refused()
    {
        var (host, _, _) = Start();
        using var scope = host.CreateScope();
        await using var db = scope.ServiceProvider.GetRequiredService<ICrossTenantDbContextFactory<OrdersDb>>().CreateDbContext(Grant());
        await db.Database.GetDbConnection().OpenAsync(Stop);
        await Assert.ThrowsAsync<InvalidOperationException>(() => db.Orders.CountAsync(Stop));
    }

    [Theory]
    [InlineData(TransactionScopeAsyncFlowOption.Suppress)]
    [InlineData(TransactionScopeAsyncFlowOption.Enabled)]
    public async Task A_transaction_of_the_caller_is_not_joined(TransactionScopeAsyncFlowOption flow)
    {
        var (host, _, _) = Start();
        using var services = host.CreateScope();
        await using var db = services.ServiceProvider.GetRequiredService<ICrossTenantDbContextFactory<OrdersDb>>().CreateDbContext(Grant());
        Assert.Equal(2, await db.Orders.CountAsync(Stop));
        using (new TransactionScope(flow))
        {
            Assert.Equal("npgsql.ambient_transaction", Assert.Throws<RejectionException>(db.Database.OpenConnection).Rejection.Code);
            Assert.Equal("npgsql.ambient_transaction", Assert.Throws<RejectionException>(() => db.Orders.Count()).Rejection.Code);
        }

        using (new TransactionScope(TransactionScopeAsyncFlowOption.Enabled))
        {
            Assert.Equal("npgsql.ambient_transaction", await CodeAsync(() => db.Database.OpenConnectionAsync(Stop)));
            Assert.Equal("npgsql.ambient_transaction", await CodeAsync(() => db.Orders.CountAsync(Stop)));
        }

        await db.Database.OpenConnectionAsync(Stop);
        Assert.Equal(2, await db.Orders.CountAsync(Stop));
        using (new TransactionScope(TransactionScopeAsyncFlowOption.Enabled))
        {
            Assert.Equal("npgsql.ambient_transaction", await CodeAsync(() => db.Orders.CountAsync(Stop)));
        }

        using var transaction = new CommittableTransaction();
        db.Database.EnlistTransaction(transaction);
        Assert.Equal("npgsql.ambient_transaction", await CodeAsync(() => db.Orders.CountAsync(Stop)));
    }

    [Fact]
    public void The_same_holds_for_callers_that_wait()
    {
        var (host, _, _) = Start();
        using var scope = host.CreateScope();
        using var db = scope.ServiceProvider.GetRequiredService<ICrossTenantDbContextFactory<OrdersDb>>().CreateDbContext(Grant());
        Assert.Equal(2, db.Orders.Count());
    }

    private static async Task<string> CodeAsync(Func<Task> act) => (await Assert.ThrowsAsync<RejectionException>(act)).Rejection.Code;

    private static CrossTenantGrant Grant()
    {
        var now = TimeProvider.System.GetUtcNow();
        var context = new AuthzContext(
            TenantId.Parse("a"), SubjectId.Parse("user:ada"), PermissionSet.Empty, "txn", [], now + TimeSpan.FromSeconds(120),
                new ContextWire("", [], []));
        return new CrossTenantGrant(context, "The monthly report.", now, now + TimeSpan.FromMinutes(5));
    }

    private (IServiceProvider Services, string Database, string Reports) Start()
    {
        server.Require();
        var number = Interlocked.Increment(ref _roles).ToString(CultureInfo.InvariantCulture);
        var (owner, reports) = ("cross_owner_" + number, "cross_reports_" + number);
        PostgresServer.Execute(server.ConnectionString(), $"CREATE ROLE {owner} LOGIN; CREATE ROLE {reports} LOGIN");
        var database = server.CreateDatabase(owner);
        using (var schema = new OrdersDb(new DbContextOptionsBuilder<OrdersDb>().UseNpgsql(server.ConnectionString(database,
            owner)).Options))
        {
            schema.Database.EnsureCreated();
        }

        var migration = new MigrationBuilder("Npgsql.EntityFrameworkCore.PostgreSQL");
        migration.CreateTenantSchema();
        migration.EnableTenantRowSecurity("Orders", "Tenant");
        migration.GrantCrossTenantRead("Orders", reports);
        foreach (var step in migration.Operations.OfType<SqlOperation>())
        {
            PostgresServer.Execute(server.ConnectionString(database, owner), step.Sql);
        }

        PostgresServer.Execute(
            server.ConnectionString(database), RowSecuritySql.RestrictRole(reports) + "INSERT INTO \"Orders\" (\"Id\", \"Product\", "
                + "\"Tenant\") VALUES (1, 'anvil', 'a'), (2, 'bell', 'b')");
        var services = new ServiceCollection();
        services.AddSingleton(NpgsqlDataSource.Create(server.ConnectionString(database, owner)));
        services.AddSingleton<IAuthzContextAccessor>(new AuthzContextAccessor(TimeProvider.System));
        services.AddSingleton(TimeProvider.System);
        services.AddDbContext<OrdersDb>((provider, db) => db.UseNpgsql(provider.GetRequiredService<NpgsqlDataSource>()));
        var source = NpgsqlDataSource.Create(server.ConnectionString(database, reports));
        services.AddSingleton<Microsoft.Extensions.Configuration.IConfiguration>(
            new Microsoft.Extensions.Configuration.ConfigurationBuilder().Build());
        services.AddZeroTrust().AddRowLevelSecurity<OrdersDb>().AddTenancy<OrdersDb>(tenancy => tenancy.AllowCrossTenantReads((_, db)
            => db.UseNpgsql(source)));
        return (services.BuildServiceProvider(), database, reports);
    }
}

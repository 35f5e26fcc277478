using System.Transactions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Npgsql;
using ZeroTrust.Npgsql;
using ZeroTrust.Npgsql.Tests.Databases;
using ZeroTrust.Tests.Postgres;

namespace ZeroTrust.EntityFrameworkCore.Npgsql.Tests;

/// <summary>The tenant is a parameter on every path of Entity Framework Core, and its transactions begin clean behind a pooler.</summary>
public sealed class RowSecurityStatementTests(PostgresServer server) : IClassFixture<PostgresServer>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task No_log_holds_the_signed_tenant_sensitive_data_logging_included()
    {
        var records = new FakeLogCollector();
        using var loggers = LoggerFactory.Create(
            logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(new FakeLoggerProvider(records)));
        using var host = await OrdersHost.StartAsync(server, isSigned: true, loggers: loggers);
        await OrdersHost.AsAsync(host, "a", EveryPathAsync);
        await OrdersHost.AsAsync(host, "a", db =>
        {
            EveryPathBlocking(db);
            return Task.CompletedTask;
        });

        var logged = string.Join(Environment.NewLine, records.GetSnapshot().Select(record =>
            $"{record.Message} {record.Exception} {string.Join(' ', record.StructuredState?.Select(pair => pair.Value) ?? [])}"));
        Assert.Contains("zerotrust.tenant", logged, StringComparison.Ordinal);
        Assert.DoesNotContain(":k1:a:", logged, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Statements_that_other_sessions_see_do_not_hold_it()
    {
        using var host = await OrdersHost.StartAsync(server, isSigned: true);
        var source = host.Services.GetRequiredService<NpgsqlDataSource>();
        await OrdersHost.ReadAsync(
            host, $"ALTER ROLE {new NpgsqlConnectionStringBuilder(source.ConnectionString).Username} SET track_activities = on");
        source.Clear();
        await OrdersHost.AsAsync(host, "a", async db =>
        {
            // The last statement of an idle session stays to be seen.
            var mine = (NpgsqlConnection)db.Database.GetDbConnection();
            await db.Database.OpenConnectionAsync(Stop);
            foreach (var sql in new[] { "SELECT set_config('x.y', current_setting('zerotrust.tenant'), true)", "SELECT 1" })
            {
                await db.Database.ExecuteSqlRawAsync(sql, Stop);
                Assert.Equal([sql], await OrdersHost.ReadAsync(host, $"SELECT query FROM pg_stat_activity WHERE pid = {mine.ProcessID}"));
            }

            await using var transaction = await db.Database.BeginTransactionAsync(Stop);
            db.Add(new Order { Id = 1, Product = "anvil" });
            await db.SaveChangesAsync(Stop);
            Assert.DoesNotContain(
                ":k1:",
                (await OrdersHost.ReadAsync(host, $"SELECT query FROM pg_stat_activity WHERE pid = {mine.ProcessID}"))[0],
                StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task A_temporary_table_of_one_tenant_does_not_stand_in_for_a_table_of_another_behind_a_pooler()
    {
        Assert.SkipUnless(PgBouncer.IsInstalled, "pgbouncer is not installed (Debian package pgbouncer).");
        PgBouncer? bouncer = null;
        using var host = await OrdersHost.StartAsync(server, isSigned: true, Pooler.Transaction, async (database, app) =>
        {
            bouncer = await PgBouncer.StartAsync(server.Port, database, app, Stop);
            return $"Host=127.0.0.1;Port={bouncer.Port};Database={database};Username={app};No Reset On Close=true";
        });
        await using var owned = bouncer;
        await OrdersHost.ReadAsync(
            host, "DO $$ BEGIN EXECUTE format('GRANT TEMPORARY ON DATABASE %I TO PUBLIC', current_database()); END $$");
        await OrdersHost.AsAsync(host, "a", async db =>
        {
            db.Add(new Order { Id = 1, Product = "anvil" });
            await db.SaveChangesAsync(Stop);
        });
        await PlantAsync(host);
        await OrdersHost.AsAsync(
            host, "a", async db => Assert.Equal(["anvil"], await db.Orders.Select(order => order.Product).ToArrayAsync(Stop)));
        await PlantAsync(host);
        await OrdersHost.AsAsync(host, "a", async db =>
        {
            db.Add(new Order { Id = 2, Product = "axe" });
            await db.SaveChangesAsync(Stop);
        });
        await PlantAsync(host);
        await OrdersHost.AsAsync(host, "a", async db =>
        {
            await using var transaction = await db.Database.BeginTransactionAsync(Stop);
            Assert.Equal("off", (await db.Database.SqlQuery<string>(
                $"SELECT current_setting('transform_null_equals') AS \"Value\"").ToArrayAsync(Stop))[0]);
            await transaction.CreateSavepointAsync("before", Stop);
            Assert.Equal(2, await db.Orders.CountAsync(Stop));
            await transaction.RollbackToSavepointAsync("before", Stop);
            db.Add(new Order { Id = 3, Product = "awl" });
            await db.SaveChangesAsync(Stop);
            await transaction.CommitAsync(Stop);
        });
        Assert.Equal(
            ["anvil", "awl", "axe"],
            await OrdersHost.ReadAsync(host, "SELECT \"Product\" FROM \"Orders\" WHERE \"Tenant\" = 'a' ORDER BY 1"));
    }

    [Fact]
    public async Task A_database_context_joins_no_ambient_transaction()
    {
        using var host = await OrdersHost.StartAsync(server, isSigned: true);
        await OrdersHost.AsAsync(host, "a", async db =>
        {
            using (new TransactionScope(TransactionScopeAsyncFlowOption.Enabled))
            {
                await RefusedAsync("npgsql.ambient_transaction", () => db.Orders.CountAsync(Stop));
                await RefusedAsync("npgsql.ambient_transaction", () => db.Database.OpenConnectionAsync(Stop));
                Assert.Equal("npgsql.ambient_transaction", Assert.Throws<RejectionException>(() => db.Orders.Count()).Rejection.Code);
            }

            Assert.Equal(0, await db.Orders.CountAsync(Stop));
            await db.Database.OpenConnectionAsync(Stop);
            using (new TransactionScope(TransactionScopeAsyncFlowOption.Enabled))
            {
                await RefusedAsync("npgsql.ambient_transaction", () => db.Orders.CountAsync(Stop));
            }

            using var transaction = new CommittableTransaction();
            db.Database.EnlistTransaction(transaction);
            await RefusedAsync("npgsql.ambient_transaction", () => db.Orders.CountAsync(Stop));
        });
    }

    [Fact]
    public async Task Two_tenants_share_no_open_connection()
    {
        using var host = await OrdersHost.StartAsync(server, isSigned: true);
        await OrdersHost.AsAsync(host, "a", async first =>
        {
            await first.Database.OpenConnectionAsync(Stop);
            Assert.Equal(0, await first.Orders.CountAsync(Stop));
            await OrdersHost.AsAsync(host, "b", async second =>
            {
                second.Database.SetDbConnection(first.Database.GetDbConnection());
                await RefusedAsync("npgsql.connection_shared", () => second.Orders.CountAsync(Stop));
                await first.Database.CloseConnectionAsync();
                Assert.Equal(0, await second.Orders.CountAsync(Stop));
            });
        });
    }

    private static async Task RefusedAsync(string code, Func<Task> act) =>
        Assert.Equal(code, (await Assert.ThrowsAsync<RejectionException>(act)).Rejection.Code);

    private static Task PlantAsync(IHost host) => OrdersHost.AsAsync(host, "b", db => db.Database.ExecuteSqlRawAsync(
        "CREATE TEMP TABLE \"Orders\" (\"Id\" int, \"Tenant\" text, \"Product\" text); INSERT INTO pg_temp.\"Orders\" VALUES (666, 'a', "
            + "'PLANTED'); SET search_path = pg_temp, public; SET transform_null_equals = on", Stop));

    private static async Task EveryPathAsync(OrdersDb db)
    {
        db.AddRange(new Order { Id = 1, Product = "anvil" }, new Order { Id = 3, Product = "axe" });
        await db.SaveChangesAsync(Stop);
        var id = 1;
        Assert.Equal("anvil", (await db.Orders.SingleAsync(order => order.Id == id, Stop)).Product);
        Assert.Single(await db.Orders.FromSql($"SELECT * FROM \"Orders\" WHERE \"Id\" = {id}").AsNoTracking().ToArrayAsync(Stop));
        Assert.Single(await db.Orders.FromSqlRaw(
            "SELECT * FROM \"Orders\" WHERE \"Id\" = @own", new NpgsqlParameter("own", 1)).AsNoTracking().ToArrayAsync(Stop));
        Assert.Single(await db.Orders.FromSqlRaw(
            "SELECT * FROM \"Orders\" WHERE \"Id\" = {0}", new NpgsqlParameter { Value = 1 }).AsNoTracking().ToArrayAsync(Stop));
        Assert.Equal(1, await db.Database.ExecuteSqlAsync($"UPDATE \"Orders\" SET \"Product\" = 'hammer' WHERE \"Id\" = {id}", Stop));
        Assert.Equal(
            1,
            await db.Orders.Where(order => order.Id == id).ExecuteUpdateAsync(set => set.SetProperty(order => order.Product, "saw"), Stop));
        await Assert.ThrowsAsync<PostgresException>(() => db.Database.ExecuteSqlRawAsync("SELECT 1 / 0", Stop));
        Assert.Equal(2L, await Scalar(db, out var parameters).ExecuteScalarAsync(parameters, Stop));
        var refusal = await Assert.ThrowsAsync<RejectionException>(
            () => db.Database.ExecuteSqlRawAsync("SELECT @zerotrust_tenant", [new NpgsqlParameter("zerotrust_tenant", "b")], Stop));
        Assert.Equal("npgsql.parameter_name_taken", refusal.Rejection.Code);
        Assert.Equal(2, await db.Orders.ExecuteDeleteAsync(Stop));
    }

    private static void EveryPathBlocking(OrdersDb db)
    {
        db.Add(new Order { Id = 5, Product = "file" });
        db.SaveChanges();
        Assert.Equal(1, db.Orders.Count(order => order.Product == "file"));
        Assert.Equal(1L, Scalar(db, out var parameters).ExecuteScalar(parameters));
        Assert.Equal(1, db.Orders.ExecuteDelete());
    }

    private static IRelationalCommand Scalar(OrdersDb db, out RelationalCommandParameterObject parameters)
    {
        parameters = new RelationalCommandParameterObject(
            db.GetService<IRelationalConnection>(), parameterValues: null, readerColumns: null, db,
            db.GetService<IRelationalCommandDiagnosticsLogger>(), CommandSource.ExecuteSqlRaw);
        return db.GetService<IRawSqlCommandBuilder>().Build("SELECT count(*) FROM \"Orders\"");
    }
}

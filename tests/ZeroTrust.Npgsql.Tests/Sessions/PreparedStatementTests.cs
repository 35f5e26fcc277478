using System.Globalization;
using Dapper;
using ZeroTrust.Npgsql.Internal;
using ZeroTrust.Npgsql.Tests.Databases;
using ZeroTrust.Tests.Postgres;

namespace ZeroTrust.Npgsql.Tests.Sessions;

/// <summary>Statements that stay prepared while a session goes from one tenant to the next.</summary>
public sealed class PreparedStatementTests(PostgresServer server) : IClassFixture<PostgresServer>
{
    private const string Query = "SELECT product FROM orders";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Where_the_driver_keeps_them_another_tenants_sql_answers_so_that_setting_is_refused()
    {
        using var database = new OrdersDatabase(server, signed: true);
        var source = database.Connect(database.App, "Maximum Pool Size=1;Max Auto Prepare=20;Auto Prepare Min Usages=2");
        Assert.Equal(
            "npgsql.pooling_unsafe",
            Assert.Throws<RejectionException>(() => source.WithTenant(Contexts.Of("a"), database.Key)).Rejection.Code);

        // Past the check, which shows what it is for.
        Assert.Equal(["PLANTED"], await PoisonAsync(tenant => new TenantDataSource(source, Session(database, tenant))));
    }

    [Fact]
    public async Task Where_it_keeps_none_the_name_is_worth_nothing()
    {
        using var database = new OrdersDatabase(server, signed: true);
        var source = database.Connect(database.App, "Maximum Pool Size=1");
        Assert.Equal(["anvil"], await PoisonAsync(tenant => source.WithTenant(Contexts.Of(tenant), database.Key)));
    }

    private static Func<ISession> Session(OrdersDatabase database, string tenant)
    {
        var session = new TenantSession(Contexts.Of(tenant), database.Key, TimeProvider.System);
        return () => session;
    }

    private static async Task<string[]> PoisonAsync(Func<string, TenantDataSource> As)
    {
        for (var run = 0; run < 4; run++)
        {
            await using var warm = await As("a").OpenConnectionAsync(Stop);
            Assert.Equal(["anvil"], (await warm.QueryAsync<string>(Query)).ToArray());
        }

        await using (var attacker = await As("b").OpenConnectionAsync(Stop))
        {
            var names = await attacker.QueryAsync<string>("SELECT name FROM pg_prepared_statements WHERE statement LIKE 'SELECT product%'");
            foreach (var name in names.Append("_auto2").Distinct(StringComparer.Ordinal))
            {
                await SessionResidueTests.TryAsync(attacker, string.Create(CultureInfo.InvariantCulture, $"DEALLOCATE {name}"));
                await SessionResidueTests.TryAsync(
                    attacker, string.Create(CultureInfo.InvariantCulture, $"PREPARE {name} AS SELECT 'PLANTED'::text"));
            }
        }

        await using var victim = await As("a").OpenConnectionAsync(Stop);
        return [.. await victim.QueryAsync<string>(Query)];
    }
}

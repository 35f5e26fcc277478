using Dapper;
using Npgsql;
using ZeroTrust.Npgsql.Tests.Databases;
using ZeroTrust.Tests.Postgres;

namespace ZeroTrust.Npgsql.Tests;

/// <summary>Behind a pooler that hands a server connection to another client after each transaction.</summary>
public sealed class PgBouncerTests(PostgresServer server) : IClassFixture<PostgresServer>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Tenants_that_share_a_server_connection_never_meet()
    {
        Assert.SkipUnless(PgBouncer.IsInstalled, "pgbouncer is not installed (Debian package pgbouncer).");
        using var database = new OrdersDatabase(server, signed: true, Pooler.Transaction);
        await using var bouncer = await PgBouncer.StartAsync(server.Port, database.Name, database.App, Stop);
        await using var source = NpgsqlDataSource.Create($"Host=127.0.0.1;Port={bouncer.Port};Database={database.Name};Username={database.App};No Reset On Close=true");

        Assert.Contains("npgsql.pooler_undeclared", (await RowSecurityAudit.RunAsync(source, database.Options, Stop)).Findings.Select(finding => finding.Code), StringComparer.Ordinal);
        database.Options.Pooler = Pooler.Transaction;
        Assert.Empty((await RowSecurityAudit.RunAsync(source, database.Options, Stop)).Findings);

        await Task.WhenAll(Enumerable.Range(0, 8).Select(async worker =>
        {
            var tenant = worker % 2 == 0 ? "a" : "b";
            var session = new Internal.TenantSession(Contexts.Of(tenant), database.Key, TimeProvider.System, Pooler.Transaction);
            var tenants = new TenantDataSource(source, () => session);
            for (var i = 0; i < 100; i++)
            {
                await using var connection = await tenants.OpenConnectionAsync(Stop);
                Assert.Equal([tenant], (await connection.QueryAsync<string>("SELECT tenant_id FROM orders")).ToArray());
                await using var plain = await source.OpenConnectionAsync(Stop);
                Assert.Empty((await plain.QueryAsync<string>("SELECT tenant_id FROM orders")).ToArray());
            }
        }));
    }
}

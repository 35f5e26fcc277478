using Dapper;
using Npgsql;
using ZeroTrust.Tests.Postgres;

namespace ZeroTrust.Npgsql.Tests.Sessions;

/// <summary>SQL of one tenant makes the reset fail by which the driver cleans its session for the next.</summary>
public sealed class FailedResetTests(PostgresServer server) : IClassFixture<PostgresServer>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(SessionPath.Direct)]
    [InlineData(SessionPath.PooledSession)]
    [InlineData(SessionPath.PooledTransaction)]
    public async Task What_it_left_and_what_was_answered_reach_nobody_else(string path)
    {
        await using var sessions = await SessionPath.OpenAsync(server, path, Stop);
        await using (var attacker = await sessions.As("b").OpenConnectionAsync(Stop))
        {
            // So many that they cannot be dropped in the time that is left.
            const string Many = "DO $$ BEGIN FOR i IN 1..600 LOOP EXECUTE format('CREATE TEMP TABLE t%s AS SELECT 1', i); END LOOP; END $$";
            await attacker.ExecuteAsync(Many + "; SET statement_timeout = '1ms'");
        }

        var failed = 0;
        foreach (var tenant in new[] { "a", "b", "a", "b" })
        {
            try
            {
                await using var connection = await sessions.As(tenant).OpenConnectionAsync(Stop);
                Assert.Equal([tenant], (await connection.QueryAsync<string>("SELECT tenant_id FROM orders")).ToArray());
                Assert.Equal("0", await connection.ExecuteScalarAsync<string>("SHOW statement_timeout"));
            }
            catch (NpgsqlException)
            {
                failed++;
            }
        }

        // The driver gives up a connection that it could not reset; behind a pooler the reset begins with what would end it.
        Assert.Equal(path == SessionPath.Direct ? 1 : 0, failed);
    }
}

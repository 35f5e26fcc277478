using Npgsql;
using ZeroTrust.Tests.Postgres;

namespace ZeroTrust.Npgsql.Tests.Sessions;

/// <summary>SQL of one tenant makes the reset fail by which the driver cleans its session for the next.</summary>
public sealed class FailedResetTests(PostgresServer server) : SharedSessionTests(server)
{
    // So many that they cannot be dropped in the time that is left.
    private const string Many =
        "DO $$ BEGIN FOR i IN 1..600 LOOP EXECUTE format('CREATE TEMP TABLE t%s AS SELECT 1', i); END LOOP; END $$; SET statement_timeout "
            + "= '1ms'";

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task What_it_left_and_what_was_answered_reach_nobody_else(string path)
    {
        await using var sessions = await OpenAsync(path);
        await AttackAsync(sessions, Many);
        var failed = 0;
        foreach (var tenant in new[] { "a", "b", "a", "b" })
        {
            try
            {
                Assert.Equal(
                    [$"{tenant} 0"],
                    await AskAsync(sessions, tenant, "SELECT tenant_id || ' ' || current_setting('statement_timeout') FROM orders"));
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

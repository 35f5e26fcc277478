using Dapper;
using ZeroTrust.Tests.Postgres;

namespace ZeroTrust.Npgsql.Tests.Sessions;

/// <summary>Tests in which SQL of tenant b runs in a session that tenant a is given next.</summary>
public abstract class SharedSessionTests(PostgresServer server) : IClassFixture<PostgresServer>
{
    public static TheoryData<string> Paths => [SessionPath.Direct, SessionPath.PooledSession, SessionPath.PooledTransaction];

    private protected static CancellationToken Stop => TestContext.Current.CancellationToken;

    private protected Task<SessionPath> OpenAsync(string path, string settings = "") => SessionPath.OpenAsync(server, path, Stop, settings);

    private protected static async Task AttackAsync(SessionPath sessions, string sql)
    {
        await using var attacker = await sessions.As("b").OpenConnectionAsync(Stop);
        await attacker.ExecuteAsync(sql);
    }

    private protected static async Task<string[]> AskAsync(SessionPath sessions, string tenant, string sql)
    {
        await using var connection = await sessions.As(tenant).OpenConnectionAsync(Stop);
        return [.. await connection.QueryAsync<string>(sql)];
    }
}

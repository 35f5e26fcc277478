using System.Data.Common;
using System.Globalization;
using Dapper;
using Npgsql;
using ZeroTrust.FuzzTests.Mutation;
using ZeroTrust.Tests.Postgres;

namespace ZeroTrust.Npgsql.Tests.Sessions;

/// <summary>
/// Tenant a works, tenant b attacks, step by step over one session of the database; a's rows are compared with a dictionary.
/// </summary>
public sealed class InterleavedTenantsTests(PostgresServer server) : IClassFixture<PostgresServer>
{
    private static readonly int Steps =
        int.Parse(Environment.GetEnvironmentVariable("ZEROTRUST_SESSION_STEPS") ?? "1500", CultureInfo.InvariantCulture);
    private static readonly ulong Seed =
        ulong.Parse(Environment.GetEnvironmentVariable("ZEROTRUST_SEED") ?? "20260601", CultureInfo.InvariantCulture);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(SessionPath.Direct)]
    [InlineData(SessionPath.PooledSession)]
    [InlineData(SessionPath.PooledTransaction)]
    public async Task No_row_of_one_tenant_reaches_the_other(string path)
    {
        await using var sessions = await SessionPath.OpenAsync(server, path, Stop);
        var attacks = HostileSql.Statements(sessions.Other);
        Assert.True(attacks.Count >= 60);
        var honest = new HonestTenant(sessions);
        for (var step = 0; step < Steps; step++)
        {
            var dice = Dice.Of(Seed, step);
            var where = $"step {step}, seed {Seed}, {path}";

            // Another client of the pooler, where there are two.
            await using var first = path == SessionPath.PooledTransaction && dice.OneIn(2) ? await OpenPlainAsync(sessions) : null;
            if (dice.OneIn(2))
            {
                await AttackAsync(sessions, attacks, dice, where);
            }
            else
            {
                await honest.WorkAsync(dice, where);
            }
        }

        Assert.Equal(honest.Rows, Stored(sessions));
        Assert.Empty(sessions.Database.AsSuperuser($"SELECT product FROM plant.orders WHERE product LIKE '{HonestTenant.Mark}%'"));
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{path}: {Steps} steps, seed {Seed}, {honest.Done} done and {honest.Failed} failed for the honest tenant");
        Assert.True(honest.Failed < honest.Done / 4, $"{honest.Failed} of {honest.Done} failed.");
    }

    private static async Task AttackAsync(SessionPath sessions, IReadOnlyList<string> attacks, Dice dice, string where)
    {
        try
        {
            await using var connection = await sessions.As("b").OpenConnectionAsync(Stop);
            if (dice.OneIn(3))
            {
                await LookAsync(connection, where);
            }

            // The last thing that it does, as whatever it did next would clean up behind it.
            var attack = dice.Pick(attacks);
            await AttackAsync(connection, dice.OneIn(3) ? $"{dice.Pick(attacks)}; {attack}" : attack, dice);
        }
        catch (NpgsqlException)
        {
            // It harmed itself.
        }
    }

    private static async Task LookAsync(DbConnection connection, string where)
    {
        foreach (var seen in await connection.QueryAsync<string>(
            "SELECT product FROM public.orders UNION ALL SELECT text FROM public.lines"))
        {
            Assert.False(
                seen.StartsWith(HonestTenant.Mark, StringComparison.Ordinal) || seen is "anvil" or "line of a", $"{where}: b read {seen}");
        }
    }

    private static async Task AttackAsync(DbConnection connection, string attack, Dice dice)
    {
        switch (dice.Below(5))
        {
            case 0:
                await SessionResidueTests.TryAsync(connection, attack);
                break;
            case 1:
                await SessionResidueTests.TryAsync(connection, $"SELECT product FROM orders WHERE product = ''; {attack}");
                break;
            case 2:
                await SessionResidueTests.TryAsync(connection, $"ROLLBACK; {attack}; SELECT 1");
                break;
            default:
                await AttackInTransactionAsync(connection, attack, dice);
                break;
        }
    }

    private static async Task AttackInTransactionAsync(DbConnection connection, string attack, Dice dice)
    {
        try
        {
            await using var transaction = await connection.BeginTransactionAsync(Stop);
            if (dice.OneIn(2))
            {
                await transaction.SaveAsync("before", Stop);
            }

            await SessionResidueTests.TryAsync(connection, attack, transaction);
            await (dice.OneIn(3) ? transaction.RollbackAsync(Stop) : transaction.CommitAsync(Stop));
        }
        catch (Exception exception) when (exception is NpgsqlException or InvalidOperationException)
        {
            // The attack ended the transaction, or the session.
        }
    }

    private static async Task<NpgsqlConnection?> OpenPlainAsync(SessionPath sessions)
    {
        try
        {
            return await sessions.Source.OpenConnectionAsync(Stop);
        }
        catch (NpgsqlException)
        {
            return null;
        }
    }

    private static SortedDictionary<int, string> Stored(SessionPath sessions)
    {
        var rows = new SortedDictionary<int, string>();
        foreach (var row in sessions.Database.AsSuperuser("SELECT id || '|' || product FROM public.orders WHERE tenant_id = 'a'"))
        {
            var parts = row.Split('|');
            rows[int.Parse(parts[0], CultureInfo.InvariantCulture)] = parts[1];
        }

        return rows;
    }
}

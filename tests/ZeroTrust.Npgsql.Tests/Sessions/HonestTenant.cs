using System.Data.Common;
using System.Globalization;
using Dapper;
using Npgsql;
using ZeroTrust.FuzzTests.Mutation;

namespace ZeroTrust.Npgsql.Tests.Sessions;

/// <summary>Tenant a at work, which knows its rows.</summary>
internal sealed class HonestTenant(SessionPath sessions)
{
    internal const string Mark = "secret of a";

    private int _next = 1000;

    internal SortedDictionary<int, string> Rows { get; } = new() { [1] = "anvil" };

    internal int Done { get; private set; }

    internal int Failed { get; private set; }

    /// <summary>One piece of work: reading or writing, in one of the ways there are.</summary>
    internal async Task WorkAsync(Dice dice, string where)
    {
        try
        {
            await using var connection = await sessions.As("a").OpenConnectionAsync(TestContext.Current.CancellationToken);
            if (dice.OneIn(2))
            {
                await ReadAsync(connection, dice, where);
            }
            else
            {
                await WriteAsync(connection, dice, where);
            }

            Done++;
        }
        catch (NpgsqlException)
        {
            // Harm to availability, which is counted.
            Failed++;
        }
    }

    private async Task ReadAsync(DbConnection connection, Dice dice, string where)
    {
        const string Sql = "SELECT id || '|' || upper(tenant_id) || '|' || product FROM orders";
        var rows = dice.Below(4) switch
        {
            0 => await connection.QueryAsync<string>(Sql),
            1 => await connection.QueryAsync<string>(Sql + " WHERE id > @from", new { from = 0 }),
            2 => await InTransactionAsync(connection, transaction => connection.QueryAsync<string>(Sql, transaction: transaction)),
            _ => await PositionalAsync(connection, Sql + " WHERE id > $1"),
        };
        Assert.True(
            rows.Order(StringComparer.Ordinal)
                .SequenceEqual(Rows.Select(row => $"{row.Key}|A|{row.Value}").Order(StringComparer.Ordinal), StringComparer.Ordinal),
            $"{where}: a read {string.Join(", ", rows.Take(20))}");
        Assert.Equal(["line of a"], (await connection.QueryAsync<string>("SELECT text FROM lines")).ToArray());
    }

    private async Task WriteAsync(DbConnection connection, Dice dice, string where)
    {
        var id = _next++;
        var product = string.Create(CultureInfo.InvariantCulture, $"{Mark} {id}");
        if (Rows.Count > 20)
        {
            var gone = Rows.Keys.First(key => key > 1);
            Assert.True(
                await connection.ExecuteAsync("DELETE FROM orders WHERE id = @gone", new { gone }) == 1, $"{where}: the row was not there");
            Rows.Remove(gone);
            return;
        }

        // As it was sent, the row is written or it is not; the next look tells.
        const string Sql = "INSERT INTO orders VALUES ('a', @id, @product)";
        var written = dice.OneIn(2)
            ? await connection.ExecuteAsync(Sql, new { id, product })
            : await InTransactionAsync(connection, transaction => connection.ExecuteAsync(Sql, new { id, product }, transaction));
        Assert.True(written == 1, $"{where}: {written} rows were written");
        Rows.Add(id, product);
    }

    private static async Task<T> InTransactionAsync<T>(DbConnection connection, Func<DbTransaction, Task<T>> act)
    {
        await using var transaction = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);
        var result = await act(transaction);
        await transaction.CommitAsync(TestContext.Current.CancellationToken);
        return result;
    }

    private static async Task<IEnumerable<string>> PositionalAsync(DbConnection connection, string sql)
    {
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The test's own text.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.Parameters.Add(new NpgsqlParameter { Value = 0 });
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        var rows = new List<string>();
        while (await reader.ReadAsync(TestContext.Current.CancellationToken))
        {
            rows.Add(reader.GetString(0));
        }

        return rows;
    }
}

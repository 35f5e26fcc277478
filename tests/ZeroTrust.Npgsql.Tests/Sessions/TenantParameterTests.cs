using System.Data;
using System.Data.Common;
using Dapper;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Npgsql;
using ZeroTrust.Npgsql.Tests.Databases;
using ZeroTrust.Tests.Postgres;

namespace ZeroTrust.Npgsql.Tests.Sessions;

/// <summary>The tenant is a parameter on every path: logs of the driver do not hold it, and the caller does not see it.</summary>
public sealed class TenantParameterTests(PostgresServer server) : IClassFixture<PostgresServer>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task No_log_of_the_driver_holds_the_tenant(bool areParametersLogged)
    {
        using var database = new OrdersDatabase(server, signed: true);
        var records = new FakeLogCollector();
        using var loggers = LoggerFactory.Create(
            logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(new FakeLoggerProvider(records)));
        var builder = new NpgsqlDataSourceBuilder(server.ConnectionString(database.Name, database.App) + ";Include Error Detail=true")
            .UseLoggerFactory(loggers);
        await using var source = builder.EnableParameterLogging(areParametersLogged).Build();
        await using (var connection = await source.WithTenant(Contexts.Of("a"), database.Key).OpenConnectionAsync(Stop))
        {
            await EveryPathAsync(connection);
        }

        var logged = string.Join(Environment.NewLine, records.GetSnapshot().Select(record =>
            $"{record.Message} {record.Exception} {string.Join(' ', record.StructuredState?.Select(pair => pair.Value) ?? [])}"));
        Assert.Contains("zerotrust.tenant", logged, StringComparison.Ordinal);
        Assert.DoesNotContain(":k1:a:", logged, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_parameters_of_a_command_stay_what_the_caller_made_them()
    {
        using var database = new OrdersDatabase(server, signed: true);
        await using var connection = await database.As("a").OpenConnectionAsync(Stop);
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT product FROM orders WHERE id = @id";
        var id = new NpgsqlParameter("id", 1);
        command.Parameters.Add(id);
        for (var run = 0; run < 3; run++)
        {
            Assert.Equal("anvil", await command.ExecuteScalarAsync(Stop));
            Assert.Equal(id, Assert.Single(command.Parameters.Cast<DbParameter>()));
        }

        await using (var reader = await command.ExecuteReaderAsync(Stop))
        {
            Assert.Single(command.Parameters.Cast<DbParameter>());
        }

        command.Parameters.Clear();
        command.CommandText = "SELECT 1 / 0";
        await Assert.ThrowsAsync<PostgresException>(() => command.ExecuteScalarAsync(Stop));
        Assert.Empty(command.Parameters);
        command.CommandText =
            "SELECT product FROM orders WHERE id = @id AND product = @product AND 1 = @a AND 2 = @b AND 3 = @c AND 4 = @d";
        command.Parameters.Add(id);
        command.Parameters.Add(new NpgsqlParameter("product", "anvil"));
        foreach (var (name, value) in new[] { ("a", 1), ("b", 2), ("c", 3), ("d", 4) })
        {
            command.Parameters.Add(new NpgsqlParameter(name, value));
        }

        Assert.Equal("anvil", await command.ExecuteScalarAsync(Stop));
        Assert.Equal(6, command.Parameters.Count);
        Assert.Equal(
            ["anvil"],
            (await connection.QueryAsync<string>("SELECT product FROM orders WHERE id IN @ids", new { ids = new[] { 1, 2 } })).ToArray());
    }

    [Theory]
    [InlineData("zerotrust_tenant")]
    [InlineData("@zerotrust_tenant")]
    [InlineData("ZeroTrust_Tenant")]
    public async Task A_parameter_of_the_reserved_name_is_refused(string name)
    {
        using var database = new OrdersDatabase(server, signed: true);
        await using var connection = await database.As("a").OpenConnectionAsync(Stop);
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT product FROM orders";
        command.Parameters.Add(new NpgsqlParameter(name, "b"));
        var refusal = await Assert.ThrowsAsync<RejectionException>(() => command.ExecuteScalarAsync(Stop));
        Assert.Equal("npgsql.parameter_name_taken", refusal.Rejection.Code);
        command.Parameters.Clear();
        command.Parameters.Add(new NpgsqlParameter("zerotrust_tenant_2", "b"));
        Assert.Equal("anvil", await command.ExecuteScalarAsync(Stop));
    }

    [Fact]
    public async Task Output_parameters_are_filled_from_the_callers_statement()
    {
        using var database = new OrdersDatabase(server, signed: true);
        await using var connection = await database.As("a").OpenConnectionAsync(Stop);
        foreach (var run in new Func<DbCommand, Task>[] { Run, Scalar, Reader })
        {
            await using var command = connection.CreateCommand();
            command.CommandText = "SELECT product, id FROM orders WHERE id >= @from";
            command.Parameters.Add(new NpgsqlParameter("from", 1));
            var product = new NpgsqlParameter { ParameterName = "product", Direction = ParameterDirection.Output };
            command.Parameters.Add(product);
            await run(command);
            Assert.Equal("anvil", product.Value);
            Assert.Equal(2, command.Parameters.Count);
        }

        static async Task Run(DbCommand command) => await command.ExecuteNonQueryAsync(Stop);

        static async Task Scalar(DbCommand command) => Assert.Equal("anvil", await command.ExecuteScalarAsync(Stop));

        static async Task Reader(DbCommand command)
        {
            await using var reader = await command.ExecuteReaderAsync(Stop);
            Assert.True(await reader.ReadAsync(Stop));
            Assert.Equal("anvil", reader.GetString(0));
        }
    }

    [Fact]
    public async Task A_preamble_of_another_integration_puts_the_tenant_before_its_command()
    {
        using var database = new OrdersDatabase(server, signed: true);
        var preamble = new TenantPreamble(database.Key, Pooler.None, TimeProvider.System);
        await using var connection = await database.Source.OpenConnectionAsync(Stop);
        await using var command = new NpgsqlCommand("SELECT product FROM orders WHERE id > @id", connection);
        command.Parameters.AddWithValue("id", 0);
        await preamble.PrependAsync(command, Contexts.Of("a"), Stop);
        Assert.DoesNotContain(":k1:", command.CommandText, StringComparison.Ordinal);
        Assert.Equal(TenantPreamble.ParameterName, command.Parameters[^1].ParameterName);
        Assert.DoesNotContain(":k1:", $"{command.Parameters[^1].Value}", StringComparison.Ordinal);
        await using (var reader = await command.ExecuteReaderAsync(Stop))
        {
            await reader.NextResultAsync(Stop);
            Assert.True(await reader.ReadAsync(Stop));
            Assert.Equal("anvil", reader.GetString(0));
        }

        await using var positional = new NpgsqlCommand("SELECT $1", connection) { Parameters = { new NpgsqlParameter { Value = 1 } } };
        await Assert.ThrowsAsync<NotSupportedException>(async () => await preamble.PrependAsync(positional, Contexts.Of("a"), Stop));
        var refusal = await Assert.ThrowsAsync<RejectionException>(async () => await preamble.PrependAsync(command, context: null, Stop));
        Assert.Equal("npgsql.context_missing", refusal.Rejection.Code);
    }

    [Fact]
    public void A_preamble_can_be_put_before_a_command_without_waiting()
    {
        using var database = new OrdersDatabase(server, signed: true);
        var preamble = new TenantPreamble(database.Key, Pooler.None, TimeProvider.System);
        using var connection = database.Source.OpenConnection();
        using var transaction = connection.BeginTransaction();
        using var command = new NpgsqlCommand("SELECT product FROM orders", connection, transaction);
        preamble.Prepend(command, Contexts.Of("a"));
        using var reader = command.ExecuteReader();
        Assert.True(reader.NextResult() && reader.Read());
        Assert.Equal("anvil", reader.GetString(0));
    }

    private static async Task EveryPathAsync(DbConnection connection)
    {
        Assert.Equal(1, await connection.ExecuteScalarAsync<long>("SELECT count(*) FROM orders"));
        Assert.Equal(1, await connection.ExecuteScalarAsync<long>("SELECT count(*) FROM orders WHERE id = @id", new { id = 1 }));
        await connection.ExecuteAsync("UPDATE orders SET product = product; SELECT product FROM orders");
        await Assert.ThrowsAsync<PostgresException>(() => connection.ExecuteAsync("SELECT 1 / 0"));
        await Assert.ThrowsAsync<PostgresException>(
            () => connection.ExecuteAsync("INSERT INTO orders VALUES ('b', @id, '')", new { id = 9 }));
        await using var positional = connection.CreateCommand();
        positional.CommandText = "SELECT count(*) FROM orders WHERE id = $1";
        positional.Parameters.Add(new NpgsqlParameter { Value = 1 });
        Assert.Equal(1L, await positional.ExecuteScalarAsync(Stop));
        await using var transaction = await connection.BeginTransactionAsync(Stop);
        await using var batch = connection.CreateBatch();
        batch.Transaction = transaction;
        var first = batch.CreateBatchCommand();
        first.CommandText = "SELECT count(*) FROM orders WHERE id = @id";
        first.Parameters.Add(new NpgsqlParameter("id", 1));
        batch.BatchCommands.Add(first);
        Assert.Equal(1L, await batch.ExecuteScalarAsync(Stop));
        await transaction.CommitAsync(Stop);
    }
}

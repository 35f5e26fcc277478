using System.Data;
using System.Data.Common;
using Npgsql;

namespace ZeroTrust.Npgsql.Internal;

/// <summary>A batch that goes out behind the preamble.</summary>
internal sealed class TenantBatch(TenantConnection connection) : DbBatch
{
    private readonly NpgsqlBatch _declared = new();
#pragma warning disable CA2213 // The caller's, who disposes it.
    private TenantConnection? _connection = connection;
    private TenantTransaction? _transaction;
#pragma warning restore CA2213

    public override int Timeout { get; set; } = 30;

    protected override DbBatchCommandCollection DbBatchCommands => _declared.BatchCommands;

    protected override DbConnection? DbConnection
    {
        get => _connection;
        set => _connection = value is null or TenantConnection
            ? (TenantConnection?)value
            : throw new ArgumentException("A tenant's batch runs on a tenant's connection.", nameof(value));
    }

    protected override DbTransaction? DbTransaction
    {
        get => _transaction;
        set => _transaction = value is null or TenantTransaction
            ? (TenantTransaction?)value
            : throw new ArgumentException("A tenant's batch runs in a tenant's transaction.", nameof(value));
    }

    public override void Cancel() => _declared.Cancel();

    /// <summary>Does nothing, as of a command.</summary>
    public override void Prepare()
    {
    }

    public override Task PrepareAsync(CancellationToken cancellationToken = default) => Task.CompletedTask;

    public override void Dispose()
    {
        _declared.Dispose();
        base.Dispose();
    }

    public override int ExecuteNonQuery()
    {
        using var batch = Ready();
        return batch.ExecuteNonQuery();
    }

    public override async Task<int> ExecuteNonQueryAsync(CancellationToken cancellationToken = default)
    {
        var batch = Ready();
        await using (batch.ConfigureAwait(false))
        {
            return await batch.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    public override object? ExecuteScalar() => Preambled.Scalar(ExecuteDbDataReader(CommandBehavior.Default));

    public override async Task<object?> ExecuteScalarAsync(CancellationToken cancellationToken = default) =>
        await Preambled.ScalarAsync(await ExecuteDbDataReaderAsync(CommandBehavior.Default, cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);

    protected override DbBatchCommand CreateDbBatchCommand() => new NpgsqlBatchCommand();

    protected override DbDataReader ExecuteDbDataReader(CommandBehavior behavior) =>
        Preambled.Skip(Ready().ExecuteReader(Preambled.Allowed(behavior)));

    protected override async Task<DbDataReader> ExecuteDbDataReaderAsync(CommandBehavior behavior, CancellationToken cancellationToken) =>
        await Preambled.SkipAsync(await Ready().ExecuteReaderAsync(Preambled.Allowed(behavior), cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);

    private NpgsqlBatch Ready()
    {
        var owner = _connection ?? throw new InvalidOperationException("The batch has no connection.");
        var batch = owner.CreateInnerBatch(_transaction, Timeout);
        foreach (NpgsqlBatchCommand command in _declared.BatchCommands)
        {
            batch.BatchCommands.Add(command);
        }

        return batch;
    }
}

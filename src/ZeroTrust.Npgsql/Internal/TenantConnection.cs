using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using System.Transactions;
using Npgsql;
using IsolationLevel = System.Data.IsolationLevel;

namespace ZeroTrust.Npgsql.Internal;

/// <summary>A connection that sends nothing without its session's preamble.</summary>
internal sealed class TenantConnection(NpgsqlDataSource source, ISession session) : DbConnection
{
    private readonly NpgsqlConnection _inner = source.CreateConnection();
    private SessionLeads? _leads;
    private object? _transaction;

    [AllowNull]
    public override string ConnectionString
    {
        get => _inner.ConnectionString;
        set => throw new NotSupportedException("A tenant's connection stays where it is.");
    }

    public override string Database => _inner.Database;

    public override string DataSource => _inner.DataSource;

    public override string ServerVersion => _inner.ServerVersion;

    public override ConnectionState State => _inner.State;

    public override int ConnectionTimeout => _inner.ConnectionTimeout;

    public override bool CanCreateBatch => true;

    internal NpgsqlConnection Inner => _inner;

    internal ISession Session => session;

    public override void ChangeDatabase(string databaseName) => throw new NotSupportedException("A tenant's connection stays where it is.");

    public override void Open()
    {
        AmbientTransactions.Refuse(_inner.ConnectionString);
        _inner.Open();
        try
        {
            _leads = SessionLeads.Of(_inner);
        }
        catch
        {
            _inner.Close();
            throw;
        }
    }

    public override async Task OpenAsync(CancellationToken cancellationToken)
    {
        AmbientTransactions.Refuse(_inner.ConnectionString);
        await _inner.OpenAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            _leads = await SessionLeads.OfAsync(_inner, transaction: null, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            await _inner.CloseAsync().ConfigureAwait(false);
            throw;
        }
    }

    public override void Close()
    {
        _transaction = null;
        _inner.Close();
    }

    public override Task CloseAsync()
    {
        _transaction = null;
        return _inner.CloseAsync();
    }

    /// <exception cref="RejectionException">Always, but for null: <c>npgsql.ambient_transaction</c>.</exception>
    public override void EnlistTransaction(Transaction? transaction)
    {
        if (transaction is not null)
        {
            throw AmbientTransactions.Refusal();
        }
    }

    public override async ValueTask DisposeAsync()
    {
        await _inner.DisposeAsync().ConfigureAwait(false);
        await base.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>What goes before the next command.</summary>
    /// <exception cref="InvalidOperationException">The connection was never opened.</exception>
    internal Lead Lead() => session.Lead(
        _leads ?? throw new InvalidOperationException("The connection is not open."), isFirst: _transaction is null);

    /// <summary>A batch that begins with it.</summary>
    internal NpgsqlBatch CreateInnerBatch(TenantTransaction? transaction, int timeout)
    {
        var batch = new NpgsqlBatch(_inner, transaction?.Inner) { Timeout = timeout };
#pragma warning disable CA2100 // Constants.
        foreach (var statement in Lead().Statements)
        {
            batch.BatchCommands.Add(new NpgsqlBatchCommand(statement));
        }
#pragma warning restore CA2100

        if (session.CreateParameter(_inner, timeout) is { } parameter)
        {
            batch.BatchCommands[^1].Parameters.Add(parameter);
        }

        return batch;
    }

    internal void End(TenantTransaction transaction)
    {
        if (ReferenceEquals(_transaction, transaction))
        {
            _transaction = null;
        }
    }

    protected override DbTransaction BeginDbTransaction(IsolationLevel isolationLevel)
    {
        var transaction = _inner.BeginTransaction(isolationLevel);
        if (session.CleansTransactions)
        {
            try
            {
                using var reset = TenantLead.CreateReset(_inner, transaction);
                reset.ExecuteNonQuery();
            }
            catch
            {
                transaction.Dispose();
                throw;
            }
        }

        var begun = new TenantTransaction(this, transaction);
        _transaction = begun;
        return begun;
    }

    protected override async ValueTask<DbTransaction> BeginDbTransactionAsync(IsolationLevel isolationLevel, CancellationToken cancellationToken)
    {
        var transaction = await _inner.BeginTransactionAsync(isolationLevel, cancellationToken).ConfigureAwait(false);
        if (session.CleansTransactions)
        {
            try
            {
                var reset = TenantLead.CreateReset(_inner, transaction);
                await using (reset.ConfigureAwait(false))
                {
                    await reset.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
                }
            }
            catch
            {
                await transaction.DisposeAsync().ConfigureAwait(false);
                throw;
            }
        }

        var begun = new TenantTransaction(this, transaction);
        _transaction = begun;
        return begun;
    }

    protected override DbCommand CreateDbCommand() => new TenantCommand(this);

    protected override DbBatch CreateDbBatch() => new TenantBatch(this);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _inner.Dispose();
        }

        base.Dispose(disposing);
    }
}

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

    public override void Open() => _inner.Open();

    public override Task OpenAsync(CancellationToken cancellationToken) => _inner.OpenAsync(cancellationToken);

    public override void Close() => _inner.Close();

    public override Task CloseAsync() => _inner.CloseAsync();

    public override void EnlistTransaction(Transaction? transaction) => _inner.EnlistTransaction(transaction);

    public override async ValueTask DisposeAsync()
    {
        await _inner.DisposeAsync().ConfigureAwait(false);
        await base.DisposeAsync().ConfigureAwait(false);
    }

    protected override DbTransaction BeginDbTransaction(IsolationLevel isolationLevel) =>
        new TenantTransaction(this, _inner.BeginTransaction(isolationLevel));

    protected override async ValueTask<DbTransaction> BeginDbTransactionAsync(IsolationLevel isolationLevel, CancellationToken cancellationToken) =>
        new TenantTransaction(this, await _inner.BeginTransactionAsync(isolationLevel, cancellationToken).ConfigureAwait(false));

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

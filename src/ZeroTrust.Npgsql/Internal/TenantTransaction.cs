using System.Data;
using System.Data.Common;
using Npgsql;

namespace ZeroTrust.Npgsql.Internal;

internal sealed class TenantTransaction(TenantConnection connection, NpgsqlTransaction inner) : DbTransaction
{
    public override IsolationLevel IsolationLevel => inner.IsolationLevel;

    public override bool SupportsSavepoints => inner.SupportsSavepoints;

    internal NpgsqlTransaction Inner => inner;

    protected override DbConnection DbConnection => connection;

    public override void Commit()
    {
        connection.End(this);
        inner.Commit();
    }

    public override Task CommitAsync(CancellationToken cancellationToken = default)
    {
        connection.End(this);
        return inner.CommitAsync(cancellationToken);
    }

    public override void Rollback()
    {
        connection.End(this);
        inner.Rollback();
    }

    public override Task RollbackAsync(CancellationToken cancellationToken = default)
    {
        connection.End(this);
        return inner.RollbackAsync(cancellationToken);
    }

    public override void Save(string savepointName) => inner.Save(savepointName);

    public override Task SaveAsync(string savepointName, CancellationToken cancellationToken = default) => inner.SaveAsync(savepointName, cancellationToken);

    public override void Rollback(string savepointName) => inner.Rollback(savepointName);

    public override Task RollbackAsync(string savepointName, CancellationToken cancellationToken = default) => inner.RollbackAsync(savepointName, cancellationToken);

    public override void Release(string savepointName) => inner.Release(savepointName);

    public override Task ReleaseAsync(string savepointName, CancellationToken cancellationToken = default) => inner.ReleaseAsync(savepointName, cancellationToken);

    public override async ValueTask DisposeAsync()
    {
        connection.End(this);
        await inner.DisposeAsync().ConfigureAwait(false);
        await base.DisposeAsync().ConfigureAwait(false);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            connection.End(this);
            inner.Dispose();
        }

        base.Dispose(disposing);
    }
}

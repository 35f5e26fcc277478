using System.Data.Common;
using Npgsql;
using ZeroTrust.Npgsql.Internal;

namespace ZeroTrust.Npgsql;

/// <summary>
/// Connections whose every command carries the tenant to the database, in the same round trip. For plain ADO.NET and Dapper.
/// </summary>
/// <remarks>
/// The tenant is a parameter of the command and set for its transaction alone (<c>set_config(..., true)</c>), so that nothing of it is left
/// on a pooled connection. The database decides by its policies: a connection taken past this class sees no row.
/// </remarks>
public sealed class TenantDataSource : DbDataSource
{
    private readonly NpgsqlDataSource _source;
    private readonly Func<ISession> _session;

    internal TenantDataSource(NpgsqlDataSource source, Func<ISession> session)
    {
        _source = source;
        _session = session;
    }

    /// <inheritdoc/>
    public override string ConnectionString => _source.ConnectionString;

    /// <summary>A connection for one context; another call gets another.</summary>
    /// <exception cref="RejectionException">No context is current: <c>npgsql.context_missing</c>.</exception>
    protected override DbConnection CreateDbConnection() => new TenantConnection(_source, _session());

    /// <summary>Not supported: a batch belongs to a connection, which creates it.</summary>
    /// <exception cref="NotSupportedException">Always.</exception>
    protected override DbBatch CreateDbBatch() =>
        throw new NotSupportedException("Open a connection and create the batch of it: connection.CreateBatch().");

    /// <inheritdoc/>
    protected override async ValueTask<DbConnection> OpenDbConnectionAsync(CancellationToken cancellationToken = default)
    {
        var session = _session();
        await session.PrepareAsync(cancellationToken).ConfigureAwait(false);
        var connection = new TenantConnection(_source, session);
        try
        {
            await connection.OpenAsync(cancellationToken).ConfigureAwait(false);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }
}

using System.Collections.Concurrent;
using System.Data.Common;
using System.Transactions;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.Options;
using Npgsql;
using ZeroTrust.Npgsql;

namespace ZeroTrust.EntityFrameworkCore.Npgsql.Internal;

/// <summary>
/// Audits the role of database contexts that read across tenants, before the first command of each, and makes their sessions read-only.
/// </summary>
internal sealed class GrantInterceptor(IOptions<RowLevelSecurityOptions> options) : DbCommandInterceptor, IDbConnectionInterceptor
{
    private const string ReadOnly = "SELECT set_config('default_transaction_read_only','on',false)";

    // By where it leads and as whom; passwords are not in it.
    private readonly ConcurrentDictionary<string, bool> _audited = new(StringComparer.Ordinal);

    // Before it is opened, on the caller's thread: the transaction of a scope that is not made for asynchronous callers is known there
    // alone.
    public InterceptionResult ConnectionOpening(DbConnection connection, ConnectionEventData eventData, InterceptionResult result)
    {
        TenantPreamble.RefuseAmbientTransaction(Inner(connection));
        return result;
    }

    public ValueTask<InterceptionResult> ConnectionOpeningAsync(
        DbConnection connection, ConnectionEventData eventData, InterceptionResult result, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult(ConnectionOpening(connection, eventData, result));

    public void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData)
    {
        try
        {
#pragma warning disable VSTHRD002 // The caller opens synchronously; nothing of the caller's is waited for.
            Task.Run(() => PrepareAsync(connection, CancellationToken.None)).GetAwaiter().GetResult();
#pragma warning restore VSTHRD002
        }
        catch
        {
            connection.Close();
            throw;
        }
    }

    public async Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData,
        CancellationToken cancellationToken = default)
    {
        try
        {
            await PrepareAsync(connection, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            await connection.CloseAsync().ConfigureAwait(false);
            throw;
        }
    }

    public override InterceptionResult<DbDataReader> ReaderExecuting(DbCommand command, CommandEventData eventData,
        InterceptionResult<DbDataReader> result)
    {
        Require(command, eventData.Context?.Database.GetEnlistedTransaction());
        return result;
    }

    public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result,
            CancellationToken cancellationToken = default)
    {
        Require(command, eventData.Context?.Database.GetEnlistedTransaction());
        return ValueTask.FromResult(result);
    }

    private static string Key(NpgsqlConnection connection) => string.Join('\n', connection.Host, connection.Port, connection.Database,
        connection.UserName);

    private static NpgsqlConnection Inner(DbConnection connection) => connection as NpgsqlConnection
        ?? throw Refuse("is no connection of Npgsql, so its role cannot be audited");

    private async Task PrepareAsync(DbConnection connection, CancellationToken cancellationToken)
    {
        var inner = Inner(connection);
        if (!_audited.ContainsKey(Key(inner)))
        {
            await RowSecurityAudit.RequireForGrantAsync(inner, options.Value, cancellationToken).ConfigureAwait(false);
            _audited[Key(inner)] = true;
        }

        var command = new NpgsqlCommand(ReadOnly, inner);
        await using (command.ConfigureAwait(false))
        {
            await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private void Require(DbCommand command, Transaction? enlisted)
    {
        if (command.Connection is not NpgsqlConnection connection || !_audited.ContainsKey(Key(connection)))
        {
            throw Refuse("was not opened by Entity Framework Core, so its role was not audited");
        }

        TenantPreamble.RefuseAmbientTransaction(connection, enlisted);
    }

    private static InvalidOperationException Refuse(string what) => new($"The connection that reads across tenants {what}.");
}

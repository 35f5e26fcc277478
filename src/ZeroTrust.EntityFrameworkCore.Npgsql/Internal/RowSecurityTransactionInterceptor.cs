using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Npgsql;
using ZeroTrust.Npgsql;

namespace ZeroTrust.EntityFrameworkCore.Npgsql.Internal;

/// <summary>Begins each transaction of a database context with a clean session, where a pooler hands sessions on.</summary>
internal sealed class RowSecurityTransactionInterceptor(TenantPreamble preamble) : DbTransactionInterceptor
{
    public override DbTransaction TransactionStarted(DbConnection connection, TransactionEndEventData eventData, DbTransaction result) =>
        Begin(connection, result);

    public override ValueTask<DbTransaction> TransactionStartedAsync(
        DbConnection connection, TransactionEndEventData eventData, DbTransaction result, CancellationToken cancellationToken = default) =>
        BeginAsync(connection, result, cancellationToken);

    public override DbTransaction TransactionUsed(DbConnection connection, TransactionEventData eventData, DbTransaction result) =>
        Begin(connection, result);

    public override ValueTask<DbTransaction> TransactionUsedAsync(
        DbConnection connection, TransactionEventData eventData, DbTransaction result, CancellationToken cancellationToken = default) =>
        BeginAsync(connection, result, cancellationToken);

    private DbTransaction Begin(DbConnection connection, DbTransaction transaction)
    {
        using var reset = Reset(connection, transaction);
        reset?.ExecuteNonQuery();
        return transaction;
    }

    private async ValueTask<DbTransaction> BeginAsync(
        DbConnection connection, DbTransaction transaction, CancellationToken cancellationToken)
    {
        if (Reset(connection, transaction) is { } reset)
        {
            await using (reset.ConfigureAwait(false))
            {
                await reset.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
            }
        }

        return transaction;
    }

    private NpgsqlCommand? Reset(DbConnection connection, DbTransaction transaction) =>
        preamble.CreateReset((NpgsqlConnection)connection, (NpgsqlTransaction)transaction);
}

using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Npgsql;
using ZeroTrust.Authz;
using ZeroTrust.Npgsql;

namespace ZeroTrust.EntityFrameworkCore.Npgsql.Internal;

/// <summary>Begins each transaction of a database context with a clean session, where a pooler hands sessions on between transactions.</summary>
internal sealed class RowSecurityTransactionInterceptor<TContext>(IAuthzContextAccessor accessor, TenantPreamble preamble) : DbTransactionInterceptor
    where TContext : DbContext
{
    public override DbTransaction TransactionStarted(DbConnection connection, TransactionEndEventData eventData, DbTransaction result) => Begin(connection, result);

    public override ValueTask<DbTransaction> TransactionStartedAsync(
        DbConnection connection, TransactionEndEventData eventData, DbTransaction result, CancellationToken cancellationToken = default) => BeginAsync(connection, result, cancellationToken);

    public override DbTransaction TransactionUsed(DbConnection connection, TransactionEventData eventData, DbTransaction result) => Begin(connection, result);

    public override ValueTask<DbTransaction> TransactionUsedAsync(
        DbConnection connection, TransactionEventData eventData, DbTransaction result, CancellationToken cancellationToken = default) => BeginAsync(connection, result, cancellationToken);

    private DbTransaction Begin(DbConnection connection, DbTransaction transaction)
    {
        using var first = First(connection, transaction);
        first?.ExecuteNonQuery();
        return transaction;
    }

    private async ValueTask<DbTransaction> BeginAsync(DbConnection connection, DbTransaction transaction, CancellationToken cancellationToken)
    {
        if (First(connection, transaction) is { } first)
        {
            await using (first.ConfigureAwait(false))
            {
                await first.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
            }
        }

        return transaction;
    }

    private NpgsqlCommand? First(DbConnection connection, DbTransaction transaction) =>
        preamble.CreateFirst((NpgsqlConnection)connection, (NpgsqlTransaction)transaction, accessor.Current);
}

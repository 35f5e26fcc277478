using System.Data.Common;
using System.Transactions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Npgsql;
using ZeroTrust.Authz;
using ZeroTrust.Npgsql;

namespace ZeroTrust.EntityFrameworkCore.Npgsql.Internal;

/// <summary>Sends the tenant to the database with each command of a database context.</summary>
/// <remarks>
/// Queries carry it in front, in one round trip. The provider counts the statements of a save by their position, so there the tenant goes
/// first, by a command of its own in the same transaction.
/// </remarks>
internal sealed class RowSecurityInterceptor<TContext>(IAuthzContextAccessor accessor, TenantPreamble preamble)
    : DbCommandInterceptor, ISaveChangesInterceptor
    where TContext : DbContext
{
    public InterceptionResult<int> SavingChanges(DbContextEventData eventData, InterceptionResult<int> result)
    {
        eventData.Context!.Database.AutoTransactionBehavior = AutoTransactionBehavior.Always;
        return result;
    }

    public ValueTask<InterceptionResult<int>> SavingChangesAsync(DbContextEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult(SavingChanges(eventData, result));

    public override InterceptionResult<DbDataReader> ReaderExecuting(DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result)
    {
        if (eventData.CommandSource == CommandSource.SaveChanges)
        {
            using var first = Before(command);
            Prefix(first, eventData);
            first.ExecuteNonQuery();
        }
        else if (Carries(eventData))
        {
            Prefix(command, eventData);
        }

        return result;
    }

    public override async ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
    {
        if (eventData.CommandSource == CommandSource.SaveChanges)
        {
            var first = Before(command);
            await using (first.ConfigureAwait(false))
            {
                await PrefixAsync(first, eventData, cancellationToken).ConfigureAwait(false);
                await first.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        else if (Carries(eventData))
        {
            await PrefixAsync(command, eventData, cancellationToken).ConfigureAwait(false);
        }

        return result;
    }

    public override DbDataReader ReaderExecuted(DbCommand command, CommandExecutedEventData eventData, DbDataReader result)
    {
        if (Carries(eventData))
        {
            result.NextResult();
        }

        return result;
    }

    public override async ValueTask<DbDataReader> ReaderExecutedAsync(DbCommand command, CommandExecutedEventData eventData, DbDataReader result, CancellationToken cancellationToken = default)
    {
        if (Carries(eventData))
        {
            await result.NextResultAsync(cancellationToken).ConfigureAwait(false);
        }

        return result;
    }

    public override InterceptionResult<int> NonQueryExecuting(DbCommand command, CommandEventData eventData, InterceptionResult<int> result)
    {
        if (Carries(eventData))
        {
            Prefix(command, eventData);
        }

        return result;
    }

    public override async ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        if (Carries(eventData))
        {
            await PrefixAsync(command, eventData, cancellationToken).ConfigureAwait(false);
        }

        return result;
    }

    public override InterceptionResult<object> ScalarExecuting(
        DbCommand command, CommandEventData eventData, InterceptionResult<object> result)
    {
        if (!Carries(eventData))
        {
            return result;
        }

        Prefix(command, eventData);
        using var reader = command.ExecuteReader();
        var hasRow = reader.NextResult() && reader.Read();
        return InterceptionResult<object>.SuppressWithResult(hasRow ? reader.GetValue(0) : null!);
    }

    public override async ValueTask<InterceptionResult<object>> ScalarExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<object> result, CancellationToken cancellationToken = default)
    {
        if (!Carries(eventData))
        {
            return result;
        }

        await PrefixAsync(command, eventData, cancellationToken).ConfigureAwait(false);
        var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await using (reader.ConfigureAwait(false))
        {
            var hasRow = await reader.NextResultAsync(cancellationToken).ConfigureAwait(false)
                && await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
            return InterceptionResult<object>.SuppressWithResult(hasRow ? reader.GetValue(0) : null!);
        }
    }

    private static bool Carries(CommandEventData command) =>
        command.CommandSource is not (CommandSource.Migrations or CommandSource.SaveChanges);

    private static NpgsqlCommand Before(DbCommand command)
    {
        var save = (NpgsqlCommand)command;
        return new NpgsqlCommand { Connection = save.Connection, Transaction = save.Transaction };
    }

    private void Prefix(DbCommand command, CommandEventData eventData)
    {
        RefuseEnlisted(command, eventData);
        preamble.Prepend((NpgsqlCommand)command, accessor.Current);
    }

    private ValueTask PrefixAsync(DbCommand command, CommandEventData eventData, CancellationToken cancellationToken)
    {
        RefuseEnlisted(command, eventData);
        return preamble.PrependAsync((NpgsqlCommand)command, accessor.Current, cancellationToken);
    }

    // Its connection is in the transaction whatever is ambient now.
    private static void RefuseEnlisted(DbCommand command, CommandEventData eventData) =>
        TenantPreamble.RefuseAmbientTransaction(
            (NpgsqlConnection)command.Connection!, eventData.Context?.Database.GetEnlistedTransaction());
}

using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using ZeroTrust.Authz;
using ZeroTrust.Npgsql;

namespace ZeroTrust.EntityFrameworkCore.Npgsql.Internal;

/// <summary>Sends the tenant to the database with each command of a database context.</summary>
/// <remarks>
/// Queries carry it in front, in one round trip. The provider counts the statements of a save by their position, so there the tenant goes first, by a
/// command of its own in the same transaction.
/// </remarks>
internal sealed class RowSecurityInterceptor<TContext>(IAuthzContextAccessor accessor, TenantSigningKey? key, TimeProvider time) : DbCommandInterceptor, ISaveChangesInterceptor
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
            first.ExecuteNonQuery();
        }
        else if (Carries(eventData))
        {
            Prefix(command);
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
                await first.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        else if (Carries(eventData))
        {
            Prefix(command);
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
            Prefix(command);
        }

        return result;
    }

    public override ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(DbCommand command, CommandEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult(NonQueryExecuting(command, eventData, result));

    private static bool Carries(CommandEventData command) =>
        command.CommandSource is not (CommandSource.Migrations or CommandSource.SaveChanges or CommandSource.ValueGenerator);

    private string Preamble() => TenantPreamble.Create(accessor.Current, key, time);

#pragma warning disable CA2100 // The statement of Entity Framework Core, behind one whose letters are checked.
    private void Prefix(DbCommand command) => command.CommandText = Preamble() + command.CommandText;

    private DbCommand Before(DbCommand command)
    {
        var first = command.Connection!.CreateCommand();
        first.Transaction = command.Transaction;
        first.CommandText = Preamble();
        return first;
    }
#pragma warning restore CA2100
}

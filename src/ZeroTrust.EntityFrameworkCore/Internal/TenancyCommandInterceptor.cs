using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace ZeroTrust.EntityFrameworkCore.Internal;

/// <summary>No context, no command.</summary>
internal sealed class TenancyCommandInterceptor : DbCommandInterceptor
{
    public override InterceptionResult<DbDataReader> ReaderExecuting(DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result)
    {
        Check(eventData);
        return result;
    }

    public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
    {
        Check(eventData);
        return ValueTask.FromResult(result);
    }

    public override InterceptionResult<object> ScalarExecuting(DbCommand command, CommandEventData eventData, InterceptionResult<object> result)
    {
        Check(eventData);
        return result;
    }

    public override ValueTask<InterceptionResult<object>> ScalarExecutingAsync(DbCommand command, CommandEventData eventData, InterceptionResult<object> result, CancellationToken cancellationToken = default)
    {
        Check(eventData);
        return ValueTask.FromResult(result);
    }

    public override InterceptionResult<int> NonQueryExecuting(DbCommand command, CommandEventData eventData, InterceptionResult<int> result)
    {
        Check(eventData);
        return result;
    }

    public override ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(DbCommand command, CommandEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        Check(eventData);
        return ValueTask.FromResult(result);
    }

    private static void Check(CommandEventData command)
    {
        // The schema is the developer's; it holds no tenant's rows yet, or leaves them as they are.
        if (command.CommandSource == CommandSource.Migrations)
        {
            RefuseMigrationAcrossTenants(command.Context);
            return;
        }

        var context = command.Context ?? throw TenancyRejections.Exception(TenancyRejectionReason.CommandUnconfined, "The command belongs to no database context.");
        var binding = TenantBinding.Of(context);
        if (binding.IsCrossTenant)
        {
            CheckCrossTenant(binding, command.CommandSource);
            return;
        }

        if (command.CommandSource == CommandSource.Unknown)
        {
            throw TenancyRejections.Exception(
                TenancyRejectionReason.CommandUnconfined, "A command of unknown source. Some providers send schema commands so: create and migrate with a database context that is not confined, as the schema's owner.");
        }

        var tenant = binding.Require();
        switch (command.CommandSource)
        {
            case CommandSource.LinqQuery or CommandSource.ExecuteUpdate or CommandSource.ExecuteDelete or CommandSource.ValueGenerator:
                break;
            case CommandSource.SaveChanges:
                VerifySave(context, binding, tenant);
                break;
            case CommandSource.FromSqlQuery or CommandSource.ExecuteSqlRaw when binding.MayUseRawSql:
                break;
            case CommandSource.FromSqlQuery or CommandSource.ExecuteSqlRaw:
                throw TenancyQueryInterceptor.RefuseRawSql();
            default:
                throw TenancyRejections.Exception(TenancyRejectionReason.CommandUnconfined, $"Commands of source {command.CommandSource} are not known to keep to the tenant.");
        }
    }

    private static void RefuseMigrationAcrossTenants(DbContext? context)
    {
        if (context is not null && TenantBinding.Of(context).IsCrossTenant)
        {
            throw TenantBinding.RefuseWrite();
        }
    }

    private static void CheckCrossTenant(TenantBinding binding, CommandSource source)
    {
        if (source != CommandSource.LinqQuery)
        {
            throw TenantBinding.RefuseWrite();
        }

        binding.RequireGrant();
    }

    private static void VerifySave(DbContext context, TenantBinding binding, TenantId tenant)
    {
        if (!binding.SaveVerified)
        {
            TenantGuard.Verify(context, tenant);
            binding.SaveVerified = true;
        }
    }
}

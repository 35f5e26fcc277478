using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Update;

namespace ZeroTrust.EntityFrameworkCore.Internal;

/// <summary>No context, no command; and none that is not known to keep to the tenant.</summary>
internal static class TenancyCommandCheck
{
    // What providers ask to see whether there is a database. It reads no row.
    private const string Ping = "SELECT 1";

    /// <summary>Looks at a command by what its caller says of it.</summary>
    internal static void Check(DbContext? context, CommandSource source, string text)
    {
        if (source == CommandSource.Migrations && context is null)
        {
            return;
        }

        var binding = TenantBinding.Of(context
            ?? throw TenancyRejections.Exception(TenancyRejectionReason.CommandUnconfined, "The command belongs to no database context."));
        if (source == CommandSource.Migrations)
        {
            CheckSchema(binding, text);
            return;
        }

        if (binding.IsCrossTenant)
        {
            CheckCrossTenant(binding, source);
            return;
        }

        if (source == CommandSource.Unknown)
        {
            throw TenancyRejections.Exception(
                TenancyRejectionReason.CommandUnconfined,
                "A command of unknown source. Some providers send schema commands so: create and migrate with a database context that is "
                    + "not confined, as the schema's owner.");
        }

        var tenant = binding.Require();
        switch (source)
        {
            case CommandSource.LinqQuery or CommandSource.ExecuteUpdate or CommandSource.ExecuteDelete or CommandSource.ValueGenerator:
                break;
            case CommandSource.SaveChanges:
                binding.RequireSave(tenant);
                break;
            case CommandSource.FromSqlQuery or CommandSource.ExecuteSqlRaw when binding.MayUseRawSql:
                break;
            case CommandSource.FromSqlQuery or CommandSource.ExecuteSqlRaw:
                throw TenancyQueryInterceptor.RefuseRawSql();
            default:
                throw Unknown($"Commands of source {source} are not known to keep to the tenant.");
        }
    }

    /// <summary>Looks at a command where it runs: what its caller says of it has to agree with how it was made.</summary>
    internal static void CheckBuilt(DbContext context, CommandSource source, string text, bool isQuery)
    {
        Check(context, source, text);
        var isKnown = source switch
        {
            CommandSource.LinqQuery or CommandSource.ExecuteUpdate or CommandSource.ExecuteDelete or CommandSource.FromSqlQuery => isQuery,
            CommandSource.Migrations or CommandSource.SaveChanges or CommandSource.ExecuteSqlRaw => !isQuery,
            CommandSource.ValueGenerator => TenantBinding.Of(context).MayUseRawSql || IsSequence(context, text),
            _ => false,
        };
        if (!isKnown)
        {
            throw Unknown($"A command that was built by hand, and says that its source is {source}.");
        }
    }

    // The schema is the developer's; it holds no tenant's rows yet, or leaves them as they are. Not so in a call of a tenant.
    private static void CheckSchema(TenantBinding binding, string text)
    {
        if (binding.IsCrossTenant)
        {
            throw TenantBinding.RefuseWrite();
        }

        if (binding is { IsInCall: true, MayUseRawSql: false } && !string.Equals(text.TrimEnd(';'), Ping, StringComparison.Ordinal))
        {
            throw Unknown(
                "A command of the schema in a call of a tenant, which nothing confines: create and migrate with a database context that is "
                    + "not confined, as the schema's owner.");
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

    private static bool IsSequence(DbContext context, string text)
    {
        var sql = context.GetService<IUpdateSqlGenerator>();
        return context.Model.GetSequences()
            .Select(sequence => sql.GenerateNextSequenceValueOperation(sequence.Name, sequence.Schema))
            .Contains(text, StringComparer.Ordinal);
    }

    private static RejectionException Unknown(string detail) =>
        TenancyRejections.Exception(TenancyRejectionReason.CommandUnconfined, detail);
}

using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace ZeroTrust.EntityFrameworkCore.Internal;

/// <summary>Reads each query once, before it is compiled, and keeps the tenant filter in it.</summary>
internal sealed class TenancyQueryInterceptor : IQueryExpressionInterceptor
{
    public Expression QueryCompilationStarting(Expression queryExpression, QueryExpressionEventData eventData)
    {
        var context = eventData.Context
            ?? throw TenancyRejections.Exception(TenancyRejectionReason.CommandUnconfined, "The query belongs to no database context.");
        var binding = TenantBinding.Of(context);
        binding.RequireModel();
        return new TenantQueryRewriter(context.Model, binding.MayUseRawSql, binding.IsCrossTenant).Visit(queryExpression);
    }

    internal static RejectionException RefuseRawSql() => TenancyRejections.Exception(
        TenancyRejectionReason.RawSqlRefused, "Raw SQL cannot be confined to a tenant here. Write it as a query, or let the database enforce the tenant (row-level security).");
}

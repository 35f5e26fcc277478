using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace ZeroTrust.EntityFrameworkCore.Internal;

/// <summary>The query filter: the row's tenant is that of the database context that runs the query.</summary>
internal static class TenantFilter
{
    /// <summary>Builds the filter for a type.</summary>
    /// <remarks>
    /// Entity Framework Core puts the running context in the place of a constant of its own type and evaluates what hangs on it anew for each
    /// execution. A tenant read in any other way would be frozen in the first compiled query.
    /// </remarks>
    internal static LambdaExpression Create(IReadOnlyEntityType type, IReadOnlyProperty property, DbContext context)
    {
        var row = Expression.Parameter(type.ClrType, "row");
        var own = Expression.Call(typeof(EF), nameof(EF.Property), [property.ClrType], row, Expression.Constant(property.Name));
        var running = Expression.Convert(Expression.Constant(context, context.GetType()), typeof(DbContext));
        var tenant = Expression.Call(typeof(TenantFilter), property.ClrType == typeof(TenantId) ? nameof(Tenant) : nameof(TenantName), typeArguments: null, running);
        return Expression.Lambda(Expression.Equal(own, tenant), row);
    }

    internal static TenantId Tenant(DbContext context) => TenantBinding.Of(context).Require();

    internal static string TenantName(DbContext context) => Tenant(context).ToString();
}

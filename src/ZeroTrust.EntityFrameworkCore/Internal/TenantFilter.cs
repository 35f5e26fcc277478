using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace ZeroTrust.EntityFrameworkCore.Internal;

/// <summary>The query filter: the row's tenant is that of the database context that runs the query.</summary>
internal static class TenantFilter
{
    /// <summary>Builds the filter for a type.</summary>
    /// <remarks>
    /// Entity Framework Core puts the running context in the place of a constant of its own type and evaluates what hangs on it anew for
    /// each execution. A tenant read in any other way would be frozen in the first compiled query.
    /// </remarks>
    internal static LambdaExpression Create(IReadOnlyEntityType type, IReadOnlyProperty property, DbContext context)
    {
        var row = Expression.Parameter(type.ClrType, "row");
        var own = Expression.Call(typeof(EF), nameof(EF.Property), [property.ClrType], row, Expression.Constant(property.Name));
        var asked = Ask(property.ClrType == typeof(TenantId) ? nameof(Tenant) : nameof(TenantName), context);
        return Expression.Lambda(Expression.Equal(own, asked), row);
    }

    /// <summary>
    /// Builds the filter of a type that is read across tenants: it shows every row, and only to a database context with a grant.
    /// </summary>
    internal static LambdaExpression CreateAcross(IReadOnlyEntityType type, DbContext context) =>
        Expression.Lambda(Ask(nameof(Across), context), Expression.Parameter(type.ClrType, "row"));

    /// <summary>Whether a filter is one of these.</summary>
    internal static bool IsFilter(LambdaExpression? filter) => filter?.Body switch
    {
        MethodCallExpression across => across.Method.DeclaringType == typeof(TenantFilter),
        BinaryExpression { NodeType: ExpressionType.Equal, Right: MethodCallExpression tenant } =>
            tenant.Method.DeclaringType == typeof(TenantFilter),
        _ => false,
    };

    internal static TenantId Tenant(DbContext context) => TenantBinding.Of(context).Require();

    internal static string TenantName(DbContext context) => Tenant(context).ToString();

    internal static bool Across(DbContext context)
    {
        TenantBinding.Of(context).RequireGrant();
        return true;
    }

    private static MethodCallExpression Ask(string question, DbContext context) => Expression.Call(
        typeof(TenantFilter), question, typeArguments: null,
        Expression.Convert(Expression.Constant(context, context.GetType()), typeof(DbContext)));
}

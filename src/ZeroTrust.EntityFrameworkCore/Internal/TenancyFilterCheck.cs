using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Query;

namespace ZeroTrust.EntityFrameworkCore.Internal;

/// <summary>The tenant's filter and property are as they were made, and no other filter takes them away.</summary>
internal static class TenancyFilterCheck
{
    internal static IEnumerable<string> Find(IReadOnlyEntityType type)
    {
        foreach (var filter in type.GetDeclaredQueryFilters().Where(filter => filter.Key != TenancyEntityTypeBuilderExtensions.FilterName))
        {
            var visitor = new Opening();
            visitor.Visit(filter.Expression);
            if (visitor.Found is { } found)
            {
                yield return $"{type.DisplayName()} has the query filter '{filter.Key}' with {found}, which nothing confines there: a "
                    + "filter is part of every query of the type. Write it without.";
            }
        }

        if (type.BaseType is not null || TenancyMetadata.TenantPropertyName(type) is not { } name)
        {
            yield break;
        }

        if (type.FindProperty(name) is not { } property)
        {
            yield return $"{type.DisplayName()} has no property {name} any more, which names its tenant.";
            yield break;
        }

        if (type.FindAnnotation(TenancyMetadata.FilledAnnotation) is not null)
        {
            yield return $"{type.DisplayName()}.{name} is computed, or has a default, in the database: a row could get a tenant that "
                + "nobody checked. Take it away, new rows get the tenant of the context.";
        }

        var filterOfTenant = type.FindDeclaredQueryFilter(TenancyEntityTypeBuilderExtensions.FilterName)?.Expression;
        if ((!type.IsOwned() && !TenantFilter.IsFilter(filterOfTenant)) || !IsConfined(property))
        {
            yield return type.IsOwned()
                ? $"{type.DisplayName()} is owned and has a table of its own whose key lacks the tenant, so that rows are "
                    + $"written by their number alone: make {name} part of its key (HasKey) and of its owner's."
                : $"{type.DisplayName()}.{name} does not confine its rows any more: a convention that ran later changed its filter, or how "
                    + "the property is saved. Let it leave types with a tenant alone.";
        }
    }

    private static bool IsConfined(IReadOnlyProperty property) =>
        property.IsPrimaryKey()
        || (property.IsConcurrencyToken
            && property.GetBeforeSaveBehavior() == PropertySaveBehavior.Save
            && property.GetAfterSaveBehavior() == PropertySaveBehavior.Throw);

    private sealed class Opening : ExpressionVisitor
    {
        internal string? Found { get; private set; }

        protected override Expression VisitMethodCall(MethodCallExpression node)
        {
            if (node.Method.Name == nameof(EntityFrameworkQueryableExtensions.IgnoreQueryFilters)
                || node.Method.DeclaringType == typeof(RelationalQueryableExtensions)
                || node.Method.DeclaringType == typeof(RelationalDatabaseFacadeExtensions))
            {
                Found = node.Method.Name;
            }

            return base.VisitMethodCall(node);
        }

        protected override Expression VisitExtension(Expression node)
        {
            if (node is QueryRootExpression
                && node.GetType() != typeof(EntityQueryRootExpression)
                && node.GetType() != typeof(InlineQueryRootExpression)
                && node.GetType() != typeof(ParameterQueryRootExpression))
            {
                Found = "raw SQL";
            }

            return node is QueryRootExpression ? node : base.VisitExtension(node);
        }
    }
}

using System.Diagnostics.CodeAnalysis;
using System.Linq.Expressions;
using System.Reflection;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Query;

namespace ZeroTrust.EntityFrameworkCore.Internal;

/// <summary>Takes "ignore all filters" to mean all but the tenant's, and refuses what cannot be confined.</summary>
internal sealed class TenantQueryRewriter(IModel model, bool mayUseRawSql, bool crossTenant) : ExpressionVisitor
{
    private static readonly MethodInfo IgnoreNamed = typeof(EntityFrameworkQueryableExtensions).GetMethods()
        .Single(method => method.Name == nameof(EntityFrameworkQueryableExtensions.IgnoreQueryFilters) && method.GetParameters().Length == 2);

    // A node of the application's own decides itself what is visited and what it becomes later.
    [return: NotNullIfNotNull(nameof(node))]
    public override Expression? Visit(Expression? node)
    {
        if (node is not null && !mayUseRawSql
            && node.GetType().Assembly != typeof(Expression).Assembly && !AssemblyFamily.EntityFramework.Contains(node.GetType().Assembly))
        {
            throw TenancyRejections.Exception(
                TenancyRejectionReason.CommandUnconfined,
                $"The query has an expression of the kind {node.GetType().FullName}, which cannot be seen to keep to the tenant.");
        }

        return base.Visit(node);
    }

    protected override Expression VisitMethodCall(MethodCallExpression node)
    {
        ArgumentNullException.ThrowIfNull(node);
        if (node.Method.DeclaringType != typeof(EntityFrameworkQueryableExtensions))
        {
            return base.VisitMethodCall(node);
        }

        return node.Method.Name switch
        {
            nameof(EntityFrameworkQueryableExtensions.IgnoreQueryFilters) => KeepTenantFilter(node),
            nameof(EntityFrameworkQueryableExtensions.ExecuteDelete) => CheckWrite(node),
            nameof(EntityFrameworkQueryableExtensions.ExecuteUpdate) => CheckUpdate(node),
            _ => base.VisitMethodCall(node),
        };
    }

    // Sources that are known to be filtered; everything else is text that somebody wrote.
    protected override Expression VisitExtension(Expression node)
    {
        ArgumentNullException.ThrowIfNull(node);
        if (node is QueryRootExpression && !mayUseRawSql
            && node.GetType() != typeof(EntityQueryRootExpression)
            && node.GetType() != typeof(InlineQueryRootExpression)
            && node.GetType() != typeof(ParameterQueryRootExpression))
        {
            throw TenancyQueryInterceptor.RefuseRawSql();
        }

        return base.VisitExtension(node);
    }

    private Expression KeepTenantFilter(MethodCallExpression node)
    {
        if (node.Arguments.Count == 1)
        {
            var others = OtherFilters();
            var source = Visit(node.Arguments[0]);
            return others.Length == 0
                ? source
                : Expression.Call(IgnoreNamed.MakeGenericMethod(node.Method.GetGenericArguments()), source, Expression.Constant(others, typeof(IReadOnlyCollection<string>)));
        }

        if (node.Arguments[1] is not ConstantExpression { Value: IEnumerable<string> names } || names.Contains(TenancyEntityTypeBuilderExtensions.FilterName, StringComparer.Ordinal))
        {
            throw TenancyRejections.Exception(
                TenancyRejectionReason.FilterIgnored, "The tenant filter stays. Reading across tenants needs a grant and a database context made for it.");
        }

        return base.VisitMethodCall(node);
    }

    private string[] OtherFilters() =>
    [
        .. model.GetEntityTypes()
            .SelectMany(type => type.GetDeclaredQueryFilters())
            .Select(filter => filter.Key)
            .OfType<string>()
            .Where(key => key != TenancyEntityTypeBuilderExtensions.FilterName)
            .Distinct(StringComparer.Ordinal),
    ];

    private Expression CheckWrite(MethodCallExpression node)
    {
        if (crossTenant)
        {
            throw TenantBinding.RefuseWrite();
        }

        CheckWritable(node.Method.GetGenericArguments()[0]);
        return base.VisitMethodCall(node);
    }

    private Expression CheckUpdate(MethodCallExpression node)
    {
        var checkedNode = CheckWrite(node);
        if (node.Arguments[1] is not NewArrayExpression setters)
        {
            throw Unreadable(node.Arguments[1]);
        }

        foreach (var setter in setters.Expressions)
        {
            CheckTarget(setter is NewExpression { Arguments: [var selector, ..] } ? Unquote(selector) : throw Unreadable(setter));
        }

        return checkedNode;
    }

    private void CheckTarget(LambdaExpression selector)
    {
        var (owner, name) = PropertyOf(selector.Body) ?? throw Unreadable(selector);
        CheckWritable(owner);
        if (model.GetEntityTypes().Any(type => TenancyMetadata.TenantPropertyName(type) == name && (type.ClrType.IsAssignableFrom(owner) || owner.IsAssignableFrom(type.ClrType))))
        {
            throw TenancyRejections.Exception(TenancyRejectionReason.TenantReassigned, $"{owner.Name}.{name} names the tenant of a row and never changes.");
        }
    }

    private void CheckWritable(Type type)
    {
        if (model.GetEntityTypes().Any(entity => TenancyMetadata.IsReadOnlyForTenants(entity) && (entity.ClrType.IsAssignableFrom(type) || type.IsAssignableFrom(entity.ClrType))))
        {
            throw TenancyRejections.Exception(TenancyRejectionReason.SharedRowWritten, $"{type.Name} is shared by tenants and read-only for them.");
        }
    }

    private static (Type Owner, string Name)? PropertyOf(Expression body) => body switch
    {
        UnaryExpression { NodeType: ExpressionType.Convert or ExpressionType.ConvertChecked or ExpressionType.TypeAs } convert => PropertyOf(convert.Operand),
        MemberExpression { Expression: { } owner } member => (owner.Type, member.Member.Name),
        MethodCallExpression { Method: { Name: nameof(EF.Property) } method, Arguments: [var owner, ConstantExpression { Value: string name }] }
            when method.DeclaringType == typeof(EF) => (Unconvert(owner).Type, name),
        _ => null,
    };

    private static Expression Unconvert(Expression expression) =>
        expression is UnaryExpression { NodeType: ExpressionType.Convert } convert ? Unconvert(convert.Operand) : expression;

    private static LambdaExpression Unquote(Expression expression) => expression switch
    {
        LambdaExpression lambda => lambda,
        UnaryExpression { NodeType: ExpressionType.Quote, Operand: LambdaExpression quoted } => quoted,
        _ => throw Unreadable(expression),
    };

    private static RejectionException Unreadable(Expression expression) =>
        TenancyRejections.Exception(TenancyRejectionReason.UpdateUnreadable, $"Not a property that can be read: {expression.NodeType}.");
}

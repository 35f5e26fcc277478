using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore.Query;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace ZeroTrust.EntityFrameworkCore.Internal;

/// <summary>A tenant id as its text: the one conversion under which two tenants are never one.</summary>
internal static class TenantIdConverter
{
    internal static readonly ValueConverter<TenantId, string> Instance = new(tenant => tenant.ToString(), text => TenantId.Parse(text));

    /// <summary>Whether a converter does the same, whoever wrote it.</summary>
    internal static bool IsSame(ValueConverter converter) =>
        IsSame(converter.ConvertToProviderExpression, Instance.ConvertToProviderExpression)
        && IsSame(converter.ConvertFromProviderExpression, Instance.ConvertFromProviderExpression);

    // Parameters are compared by name.
    private static bool IsSame(LambdaExpression conversion, LambdaExpression own) =>
        conversion.Parameters is [var parameter]
        && parameter.Type == own.Parameters[0].Type
        && ExpressionEqualityComparer.Instance.Equals(
            ReplacingExpressionVisitor.Replace(parameter, own.Parameters[0], conversion.Body), own.Body);
}

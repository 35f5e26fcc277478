using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Abstractions;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.Extensions.Options;
using ZeroTrust.AspNetCore;
using ZeroTrust.Authz.AspNetCore.Internal;

namespace ZeroTrust.Authz.AspNetCore.Routes;

/// <summary>
/// Compares what an action or a page is about to be given: filters of the application run behind the decision and can change it.
/// </summary>
internal sealed class TenantArgumentFilter : IActionFilter, IPageFilter, IOrderedFilter, IConfigureOptions<MvcOptions>
{
    /// <summary>The last before the handler.</summary>
    public int Order => int.MaxValue;

    public void Configure(MvcOptions options) => options.Filters.Add(this);

    public void OnActionExecuting(ActionExecutingContext context) =>
        Compare(context.HttpContext, context.ActionDescriptor.Parameters, context.ActionArguments);

    public void OnPageHandlerExecuting(PageHandlerExecutingContext context) =>
        Compare(context.HttpContext, context.HandlerMethod?.Parameters ?? [], context.HandlerArguments);

    public void OnActionExecuted(ActionExecutedContext context)
    {
    }

    public void OnPageHandlerSelected(PageHandlerSelectedContext context)
    {
    }

    public void OnPageHandlerExecuted(PageHandlerExecutedContext context)
    {
    }

    private static void Compare(HttpContext http, IEnumerable<ParameterDescriptor> parameters, IDictionary<string, object?> arguments)
    {
        if (http.GetEndpoint()?.Metadata.GetMetadata<IEndpointDecision>() is not ITenantRouteDecision { TenantRouteValue: { } routeValue })
        {
            return;
        }

        foreach (var parameter in parameters)
        {
            if (!BoundParameter.IsNotOfCaller(parameter)
                && Names.AreEqual(parameter.BindingInfo?.BinderModelName ?? parameter.Name, routeValue)
                && arguments.TryGetValue(parameter.Name, out var argument)
                && ContextDecision.CheckTenantAgain(http, TenantOf(argument)) is { } mismatch)
            {
                throw new RejectionException(mismatch);
            }
        }
    }

    private static TenantId TenantOf(object? argument) =>
        argument is TenantId typed ? typed : TenantId.TryParse(argument?.ToString(), provider: null, out var tenant) ? tenant : default;
}

using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace ZeroTrust.Authz.AspNetCore.Tests.Routes;

/// <summary>Handlers of minimal APIs.</summary>
internal static class RouteHandlers
{
    public static readonly IReadOnlyDictionary<string, Delegate> Sound = new Dictionary<string, Delegate>(StringComparer.Ordinal)
    {
        ["by its name"] = (string tenant) => tenant,
        ["typed"] = (TenantId tenant) => tenant.ToString(),
        ["in another case"] = ([FromRoute] string TENANT) => TENANT,
        ["renamed"] = ([FromRoute(Name = "tenant")] string owner) => owner,
        ["as parameters"] = ([AsParameters] RoutedParts parts) => parts.Tenant,
        ["as parameters of a constructor"] = ([AsParameters] RoutedRecord parts) => parts.Tenant,
        ["from the context"] = (AuthzContext context, string? text) => context.Tenant + text,
        ["a service of its name"] = ([FromServices] AuthzContext tenant) => tenant.Tenant.ToString(),
        ["beside a service"] = (TenantHolder holder, string tenant) => tenant + holder.Tenant,
    };

    public static readonly IReadOnlyDictionary<string, Delegate> Loose = new Dictionary<string, Delegate>(StringComparer.Ordinal)
    {
        ["from the query"] = ([FromQuery] string tenant) => tenant,
        ["from the query under another name"] = ([FromQuery(Name = "Tenant")] string owner) => owner,
        ["from the form"] = ([FromForm] string tenant) => tenant,
        ["from a header"] = ([FromHeader(Name = "tenant")] string owner) => owner,
        ["from the body"] = ([FromBody] string tenant) => tenant,
        ["from another route value"] = ([FromRoute(Name = "other")] string tenant) => tenant,
        ["from several values of the query"] = (string[] tenant) => tenant[0],
        ["from a file"] = (IFormFile tenant) => tenant.FileName,
        ["from its own binding"] = (BoundTenant tenant) => tenant.Name,
        ["from an unsaid body"] = (LooseControllers.OwnedModel model) => model.Tenant,
        ["from a model of a form"] = ([FromForm] LooseControllers.RecordModel model) => model.Tenant,
        ["from a field of a body"] = (LooseControllers.IncludedField model) => model.tenant,
        ["from a field that settings include"] = (LooseControllers.PlainField model) => model.Tenant,
        ["from a member that is set privately"] = (LooseControllers.IncludedSetter model) => model.Tenant,
        ["from a private member"] = (LooseControllers.HiddenMember model) => model.Read(),
        ["from a private member of a base"] = (LooseControllers.HeirOfHidden model) => model.Read(),
        ["from a member that is only set"] = (LooseControllers.SetOnly model) => model.Read(),
        ["from a constructor that is not public"] = (LooseControllers.MadeWithin model) => model.Tenant,
        ["from a list in a body"] = (List<LooseControllers.OwnedModel> models) => models[0].Tenant,
        ["from an array of lists in a body"] = (List<LooseControllers.RecordModel>[] models) => models[0][0].Tenant,
        ["from a dictionary in a body"] = (Dictionary<string, LooseControllers.OwnedModel> models) => models["a"].Tenant,
        ["from a type that a body may name"] = (LooseControllers.BaseModel model) => model.Text,
        ["from a part of the parameters"] = ([AsParameters] QueriedParts parts) => parts.Tenant,
    };

    public static void Map(WebApplication app, Delegate handler) => app.MapPost("/{tenant}/notes/{other?}", handler).RequireTenant("tenant").DisableAntiforgery();

    internal sealed class TenantHolder
    {
        public string Tenant { get; set; } = "";
    }

    internal sealed class RoutedParts
    {
        public string Tenant { get; set; } = "";
    }

    internal sealed record RoutedRecord([FromRoute(Name = "tenant")] string Tenant);

    internal sealed class QueriedParts
    {
        [FromQuery]
        public string Tenant { get; set; } = "";
    }

    internal sealed record BoundTenant(string Name) : IBindableFromHttpContext<BoundTenant>
    {
        public static ValueTask<BoundTenant?> BindAsync(HttpContext context, ParameterInfo parameter) =>
            ValueTask.FromResult<BoundTenant?>(new BoundTenant(context.Request.Headers["tenant"].ToString()));
    }
}

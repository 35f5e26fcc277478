using System.Reflection;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
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
        ["from a model in a body"] = (RouteModels.Nested body) => body.Inner?.Tenant,
        ["from a model two levels down"] = (RouteModels.Twice body) => body.Outer?.Inner?.Tenant,
        ["from a list in a model"] = (RouteModels.Listed body) => body.Items[0].Tenant,
        ["from a list that is added to"] = (RouteModels.Populated body) => body.Items[0].Tenant,
        ["from a generic model"] = (RouteModels.Wrapped<LooseControllers.OwnedModel> body) => body.Value?.Tenant,
        ["from a tuple in a model"] = (RouteModels.Wrapped<Tuple<int, LooseControllers.OwnedModel>> body) => body.Value?.Item2.Tenant,
        ["from a model that a nested body may name"] = (RouteModels.Wrapped<LooseControllers.BaseModel> body) => body.Value?.Text,
        ["from a model that names itself"] = (RouteModels.Looped body) => body.Next?.Inner?.Tenant,
        ["from a model in a form"] = ([FromForm] RouteModels.Nested form) => form.Inner?.Tenant,
        ["from a converted model"] = (RouteModels.Converted body) => body.Tenant,
        ["from a converted member"] = (RouteModels.ConvertedMember body) => body.Inner?.Tenant,
        ["from a body that metadata says is another"] = [Accepting] (LooseControllers.OwnedModel model) => model.Tenant,
        ["from a model that binds itself"] = (BoundOwner who) => who.Tenant,
        ["from a model in one that binds itself"] = (BoundNest who) => who.Inner?.Tenant,
        ["from a parsed model"] = (ParsedOwner who) => who.Tenant,
        ["as its own parser has it"] = (ParsedTenant tenant) => tenant.Name,
        ["as its own parser has it, from the route"] = ([FromRoute(Name = "tenant")] ParsedTenant owner) => owner.Name,
        ["as its own parser has it, in parts"] = ([AsParameters] ParsedParts parts) => parts.Tenant.Name,
        ["behind code that binds another"] = (BoundNote note, string tenant) => tenant + note.Text,
        ["behind code that binds another, in parts"] = ([AsParameters] MixedParts parts) => parts.Tenant,
        ["from a said body"] = ([FromBody] LooseControllers.OwnedModel model) => model.Tenant,
        ["from a body of its name"] = (RouteModels.Plain tenant) => tenant.Text,
        ["from a list of the application's own"] = (OwnedList models) => models[0].Tenant,
        ["from a member that is added to"] = (AddedTo body) => body.Items[0].Tenant,
        ["from a member that is left out when it is null"] = (LeftOutWhenNull body) => body.Tenant,
        ["from a model that binds itself by an interface"] = (BoundByInterface who) => who.Tenant,
        ["as its own parser of an interface has it"] = (ParsedByInterface tenant) => tenant.Name,
        ["as the parser of its base has it"] = (HeirOfParsed tenant) => tenant.Name,
        ["from a part of a constructor of the parameters"] = ([AsParameters] QueriedRecord parts) => parts.Owner,
        ["from a part of the parameters"] = ([AsParameters] QueriedParts parts) => parts.Tenant,
    };

    public static void Map(WebApplication app, Delegate handler) =>
        app.MapPost("/{tenant}/notes/{other?}", handler).RequireTenant("tenant").DisableAntiforgery();

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

    [AttributeUsage(AttributeTargets.Method)]
    internal sealed class AcceptingAttribute : Attribute, IAcceptsMetadata
    {
        public IReadOnlyList<string> ContentTypes => ["application/json"];

        public Type? RequestType => typeof(object);

        public bool IsOptional => false;
    }

    internal sealed class BoundOwner
    {
        public string Tenant { get; private set; } = "";

        public static ValueTask<BoundOwner?> BindAsync(HttpContext context) =>
            ValueTask.FromResult<BoundOwner?>(new BoundOwner { Tenant = context.Request.Headers["tenant"].ToString() });
    }

    internal sealed class BoundNest
    {
        public LooseControllers.OwnedModel? Inner { get; private set; }

        public static ValueTask<BoundNest?> BindAsync(HttpContext context) =>
            ValueTask.FromResult<BoundNest?>(new BoundNest { Inner = new() { Tenant = context.Request.Headers["tenant"].ToString() } });
    }

    internal sealed class BoundNote
    {
        public string Text { get; } = "";

        public static ValueTask<BoundNote?> BindAsync(HttpContext context)
        {
            context.Request.RouteValues["tenant"] = context.Request.Headers["tenant"].ToString();
            return ValueTask.FromResult<BoundNote?>(new BoundNote());
        }
    }

    internal sealed record ParsedTenant(string Name)
    {
        public static bool TryParse(string text, out ParsedTenant? parsed)
        {
            parsed = new ParsedTenant("other");
            return true;
        }
    }

    internal sealed record ParsedOwner(string Tenant)
    {
        public static bool TryParse(string text, out ParsedOwner? parsed)
        {
            parsed = new ParsedOwner(text);
            return true;
        }
    }

    internal sealed class OwnedList : List<LooseControllers.OwnedModel>;

    internal sealed class AddedTo
    {
        [JsonObjectCreationHandling(JsonObjectCreationHandling.Populate)]
        public List<LooseControllers.OwnedModel> Items { get; } = [];
    }

    internal sealed class LeftOutWhenNull
    {
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public string? Tenant { get; set; }
    }

    internal sealed class BoundByInterface : IBindableFromHttpContext<BoundByInterface>
    {
        public string Tenant { get; private set; } = "";

        static ValueTask<BoundByInterface?> IBindableFromHttpContext<BoundByInterface>.BindAsync(HttpContext context, ParameterInfo parameter) =>
            ValueTask.FromResult<BoundByInterface?>(new BoundByInterface { Tenant = context.Request.Headers["tenant"].ToString() });
    }

    internal sealed record ParsedByInterface(string Name) : IParsable<ParsedByInterface>
    {
        static ParsedByInterface IParsable<ParsedByInterface>.Parse(string s, IFormatProvider? provider) => new("other");

        static bool IParsable<ParsedByInterface>.TryParse(string? s, IFormatProvider? provider, out ParsedByInterface result)
        {
            result = new ParsedByInterface("other");
            return true;
        }
    }

    internal abstract class ParsedBase
    {
        public static bool TryParse(string text, out HeirOfParsed? parsed)
        {
            parsed = new HeirOfParsed();
            return true;
        }
    }

    internal sealed class HeirOfParsed : ParsedBase
    {
        public string Name => "other";
    }

    internal sealed record QueriedRecord([FromQuery(Name = "tenant")] string Owner);

    internal sealed record ParsedParts(ParsedTenant Tenant);

    internal sealed record MixedParts(BoundNote Note, string Tenant);

    internal sealed record BoundTenant(string Name) : IBindableFromHttpContext<BoundTenant>
    {
        public static ValueTask<BoundTenant?> BindAsync(HttpContext context, ParameterInfo parameter) =>
            ValueTask.FromResult<BoundTenant?>(new BoundTenant(context.Request.Headers["tenant"].ToString()));
    }
}

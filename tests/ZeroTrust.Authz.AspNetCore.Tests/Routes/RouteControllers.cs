using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ModelBinding;

namespace ZeroTrust.Authz.AspNetCore.Tests.Routes;

/// <summary>Actions that take what is named like the compared route value from the route.</summary>
internal static class SoundControllers
{
    [RequireTenant("tenant")]
    internal sealed class FromTheRoute : ControllerBase
    {
        [HttpPost("/{tenant}/notes")]
        public string Read([FromRoute] string tenant) => tenant;
    }

    [RequireTenant("tenant")]
    internal sealed class FromTheRouteUnderAnotherName : ControllerBase
    {
        [HttpPost("/{tenant}/notes")]
        public string Read([FromRoute(Name = "Tenant")] TenantId owner) => owner.ToString();
    }

    [ApiController]
    [RequirePermission("orders:read", TenantRouteValue = "tenant")]
    internal sealed class Inferred : ControllerBase
    {
        [HttpPost("/{tenant}/notes")]
        public string Read(string tenant, [FromForm] NoteModel? note) => tenant + note?.Text;
    }

    [RequireTenant("tenant")]
    internal sealed class FromTheContext : ControllerBase
    {
        [HttpPost("/{tenant}/notes")]
        public string Read([FromServices] AuthzContext context, NoteModel note) => context.Tenant + note.Text;
    }

    [RequireTenant("tenant")]
    internal sealed class BesideAService : ControllerBase
    {
        [HttpPost("/{tenant}/notes")]
        public string Read([FromServices] AuthzContext tenant) => tenant.Tenant.ToString();
    }

    [ApiController]
    [RequireTenant("tenant")]
    internal sealed class BesideAFieldThatNoFormFillsIn : ControllerBase
    {
        [HttpPost("/{tenant}/notes")]
        public string Read(string tenant, [FromForm] FieldModel? note) => tenant + note?.Tenant;
    }

    internal sealed class FieldModel
    {
        public string? Tenant = "";
    }

    internal sealed class LeftOut
    {
        [JsonIgnore]
        public string? Tenant = "";

        [JsonIgnore]
        public string? TENANT { get; set; }

        public string? Read() => tenant;

        private readonly string? tenant = "";
    }

    internal sealed class NoteModel
    {
        public string? Text { get; set; }

        [BindNever]
        public string? Tenant { get; set; }
    }
}

/// <summary>Actions that take it from elsewhere, or from whatever there is.</summary>
internal static class LooseControllers
{
    [RequirePermission("orders:read", TenantRouteValue = "tenant")]
    internal sealed class Unsaid : ControllerBase
    {
        [HttpPost("/{tenant}/notes")]
        public string Read(string tenant) => tenant;
    }

    [RequireTenant("tenant")]
    internal sealed class InAnotherCase : ControllerBase
    {
        [HttpPost("/{tenant}/notes")]
        public string Read(TenantId Tenant) => Tenant.ToString();
    }

    [RequireTenant("tenant")]
    internal sealed class FromTheForm : ControllerBase
    {
        [HttpPost("/{tenant}/notes")]
        public string Read([FromForm] string tenant) => tenant;
    }

    [ApiController]
    [RequireTenant("tenant")]
    internal sealed class FromTheQuery : ControllerBase
    {
        [HttpPost("/{tenant}/notes")]
        public string Read([FromQuery(Name = "tenant")] string owner) => owner;
    }

    [RequireTenant("tenant")]
    internal sealed class FromAHeader : ControllerBase
    {
        [HttpPost("/{tenant}/notes")]
        public string Read([FromHeader(Name = "TENANT")] string owner) => owner;
    }

    [ApiController]
    [RequireTenant("tenant")]
    internal sealed class FromTheBody : ControllerBase
    {
        [HttpPost("/{tenant}/notes")]
        public string Read([FromBody] string tenant) => tenant;
    }

    [RequireTenant("tenant")]
    internal sealed class FromAnotherRouteValue : ControllerBase
    {
        [HttpPost("/{tenant}/notes/{other}")]
        public string Read([FromRoute(Name = "other")] string tenant) => tenant;
    }

    [RequireTenant("tenant")]
    internal sealed class FromABinder : ControllerBase
    {
        [HttpPost("/{tenant}/notes")]
        public string Read([FromRoute, ModelBinder(typeof(HeaderBinder))] string tenant) => tenant;
    }

    [RequireTenant("tenant")]
    internal sealed class FromAnUnsaidModel : ControllerBase
    {
        [HttpPost("/{tenant}/notes")]
        public string Read(OwnedModel model) => model.Tenant;
    }

    [ApiController]
    [RequireTenant("tenant")]
    internal sealed class FromAModelInTheBody : ControllerBase
    {
        [HttpPost("/{tenant}/notes")]
        public string Read(RecordModel model) => model.Tenant;
    }

    [ApiController]
    [RequireTenant("tenant")]
    internal sealed class FromARenamedField : ControllerBase
    {
        [HttpPost("/{tenant}/notes")]
        public string Read(RenamedModel model) => model.Owner;
    }

    [RequireTenant("tenant")]
    internal sealed class FromABoundProperty : ControllerBase
    {
        [BindProperty]
        public string Tenant { get; set; } = "";

        [HttpPost("/{tenant}/notes")]
        public string Read() => Tenant;
    }

    [RequireTenant("tenant")]
    internal sealed class FromARoutedMember : ControllerBase
    {
        [HttpPost("/{tenant}/notes")]
        public string Read(RoutedModel model) => model.Tenant;
    }

    [ApiController]
    [RequireTenant("tenant")]
    internal sealed class FromAField : ControllerBase
    {
        [HttpPost("/{tenant}/notes")]
        public string Read(IncludedField model) => model.tenant ?? "";
    }

    [ApiController]
    [RequireTenant("tenant")]
    internal sealed class FromAModelInAList : ControllerBase
    {
        [HttpPost("/{tenant}/notes")]
        public string Read(List<OwnedModel> models) => models[0].Tenant;
    }

    [RequireTenant("tenant")]
    internal sealed class FromAModelInAnArrayOfAForm : ControllerBase
    {
        [HttpPost("/{tenant}/notes")]
        public string Read([FromForm] OwnedModel[] models) => models[0].Tenant;
    }

    [RequireTenant("tenant")]
    internal sealed class FromAModelInAQuery : ControllerBase
    {
        [HttpPost("/{tenant}/notes")]
        public string? Read([FromQuery] RouteModels.Nested model) => model.Inner?.Tenant;
    }

    [RequireTenant("tenant")]
    internal sealed class FromAModelInABoundProperty : ControllerBase
    {
        [BindProperty(SupportsGet = true)]
        public RouteModels.Nested? Input { get; set; }

        [HttpPost("/{tenant}/notes")]
        public string? Read() => Input?.Inner?.Tenant;
    }

    [RequireTenant("tenant")]
    internal sealed class FromAModelThatIsFilledInWhereItIs : ControllerBase
    {
        [HttpPost("/{tenant}/notes")]
        public string? Read([FromForm] RouteModels.Held model) => model.Inner.Tenant;
    }

    [RequireTenant("tenant")]
    internal sealed class FromABodyInABoundModel : ControllerBase
    {
        [HttpPost("/{tenant}/notes")]
        public string? Read([FromQuery] RouteModels.WithBody model) => model.Body?.Tenant;
    }

    [RequireTenant("tenant")]
    internal sealed class FromAModelThatABinderMakes : ControllerBase
    {
        [HttpPost("/{tenant}/notes")]
        public string? Read([ModelBinder(typeof(HeaderBinder))] SoundControllers.NoteModel model) => model.Tenant;
    }

    [RequireTenant("tenant")]
    internal sealed class FromABinderThatIsSaidToBeAService : ControllerBase
    {
        [HttpPost("/{tenant}/notes")]
        public string Read([FromServices][ModelBinder(typeof(HeaderBinder))] string tenant) => tenant;
    }

    [RequireTenant("tenant")]
    internal sealed class FromAMemberThatABinderMakes : ControllerBase
    {
        [HttpPost("/{tenant}/notes")]
        public string? Read([FromQuery] MadeMember model) => model.Note?.Tenant;
    }

    [RequireTenant("tenant")]
    internal sealed class FromAMemberWhoseTypeHasABinder : ControllerBase
    {
        [HttpPost("/{tenant}/notes")]
        public string? Read([FromQuery] MadeByType model) => model.Note?.Tenant;
    }

    [RequireTenant("tenant")]
    internal sealed class FromAMemberOfAnotherName : ControllerBase
    {
        [HttpPost("/{tenant}/notes")]
        public string? Read([FromQuery] NamedMember model) => model.Owner;
    }

    internal sealed class MadeMember
    {
        [ModelBinder(typeof(HeaderBinder))]
        public SoundControllers.NoteModel? Note { get; set; }
    }

    internal sealed class MadeByType
    {
        public MadeNote? Note { get; set; }
    }

    [ModelBinder(typeof(HeaderBinder))]
    internal sealed class MadeNote
    {
        [BindNever]
        public string? Tenant { get; set; }
    }

    internal sealed class NamedMember
    {
        [FromQuery(Name = "tenant")]
        public string? Owner { get; set; }
    }

    internal sealed class IncludedField
    {
        [JsonInclude]
        public string? tenant = "";
    }

    internal sealed class IncludedSetter
    {
        [JsonInclude]
        public string? Tenant { get; private set; }
    }

    internal sealed class PlainField
    {
        public string? Tenant = "";
    }

    internal sealed class HiddenMember
    {
        [JsonInclude]
        [JsonPropertyName("tenant")]
        private string? Owner { get; set; }

        public string? Read() => Owner;
    }

    internal sealed class HeirOfHidden : HiddenOfBase;

    internal class HiddenOfBase
    {
        [JsonInclude]
        private string? Tenant { get; set; }

        public string? Read() => Tenant;
    }

    internal sealed class SetOnly
    {
        private string? _owner;

        public string? Tenant
        {
            set => _owner = value;
        }

        public string? Read() => _owner;
    }

    internal sealed class MadeWithin
    {
        [JsonConstructor]
        internal MadeWithin(string tenant) => Tenant = tenant;

        public string Tenant { get; }
    }

    [JsonDerivedType(typeof(DerivedModel), "derived")]
    internal class BaseModel
    {
        public string? Text { get; set; }
    }

    internal sealed class DerivedModel : BaseModel
    {
        public string? Tenant { get; set; }
    }

    internal sealed class RoutedModel
    {
        [FromRoute]
        public string Tenant { get; set; } = "";

        public string? Text { get; set; }
    }

    internal sealed class OwnedModel
    {
        public string Tenant { get; set; } = "";
    }

    internal sealed record RecordModel(string Tenant);

    internal sealed class RenamedModel
    {
        [JsonPropertyName("tenant")]
        public string Owner { get; set; } = "";
    }

    [ApiController]
    [RequireTenant("tenant")]
    internal sealed class FromAMemberThatFormsAloneLeaveOut : ControllerBase
    {
        [HttpPost("/{tenant}/notes")]
        public string Read(SoundControllers.NoteModel model) => model.Tenant ?? "";
    }

    internal sealed class HeaderBinder : IModelBinder
    {
        public Task BindModelAsync(ModelBindingContext bindingContext)
        {
            bindingContext.Result = ModelBindingResult.Success("acme");
            return Task.CompletedTask;
        }
    }
}

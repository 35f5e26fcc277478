using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace ZeroTrust.Authz.AspNetCore.Tests.Routes;

/// <summary>Page models that take what is named like the compared route value from the route.</summary>
internal static class SoundPages
{
    [IgnoreAntiforgeryToken]
    internal sealed class FromTheRoute : PageModel
    {
        public IActionResult OnPost([FromRoute] string tenant, RouteModels.Plain input) => Content(tenant + input.Text);
    }

    [IgnoreAntiforgeryToken]
    internal sealed class InABoundProperty : PageModel
    {
        [BindProperty]
        [FromRoute]
        public string Tenant { get; set; } = "";

        public IActionResult OnPost() => Content(Tenant);
    }

    [IgnoreAntiforgeryToken]
    internal sealed class BesideANestedModelThatLeavesItOut : PageModel
    {
        [BindProperty]
        public RouteModels.Wrapped<SoundControllers.NoteModel>? Input { get; set; }

        public IActionResult OnPost([FromRoute] string tenant) => Content(tenant + Input?.Value?.Tenant);
    }

    [IgnoreAntiforgeryToken]
    internal sealed class BesideAPropertyThatIsNotBound : PageModel
    {
        public RouteModels.Nested Shown { get; } = new();

        public IActionResult OnPost([FromRoute] string tenant) => Content(tenant + Shown.Inner?.Tenant);
    }

    [IgnoreAntiforgeryToken]
    [DangerousAcceptMember(typeof(LooseControllers.OwnedModel), "Tenant", "who wrote the note")]
    internal sealed class BesideANestedModelThatIsAnsweredFor : PageModel
    {
        [BindProperty]
        public RouteModels.Nested? Input { get; set; }

        public IActionResult OnPost([FromRoute] string tenant) => Content(tenant + (Input is null ? "none" : null));
    }
}

/// <summary>Page models that take it from elsewhere, or from whatever there is.</summary>
internal static class LoosePages
{
    internal sealed class AParameter : PageModel
    {
        public IActionResult OnPost(string tenant) => Content(tenant);
    }

    internal sealed class AModelOfAParameter : PageModel
    {
        public IActionResult OnPost(LooseControllers.OwnedModel input) => Content(input.Tenant);
    }

    internal sealed class ANestedModelOfAParameter : PageModel
    {
        public IActionResult OnPost(RouteModels.Nested input) => Content(input.Inner!.Tenant);
    }

    internal sealed class ANestedModelOfAnotherHandler : PageModel
    {
        public IActionResult OnPost([FromRoute] string tenant) => Content(tenant);

        public IActionResult OnPostOwner([FromQuery] RouteModels.Nested input) => Content(input.Inner!.Tenant);
    }

    internal sealed class ABoundProperty : PageModel
    {
        [BindProperty]
        public string Tenant { get; set; } = "";

        public IActionResult OnPost() => Content(Tenant);
    }

    internal sealed class ANestedModelOfABoundProperty : PageModel
    {
        [BindProperty(SupportsGet = true)]
        public RouteModels.Twice? Input { get; set; }

        public IActionResult OnPost() => Content(Input!.Outer!.Inner!.Tenant);
    }

    [BindProperties]
    internal sealed class ANestedModelOfAPageWhosePropertiesAreBound : PageModel
    {
        public RouteModels.Listed Input { get; set; } = new();

        public IActionResult OnPost() => Content(Input.Items[0].Tenant);
    }

    internal sealed class ABodyOfAParameter : PageModel
    {
        public IActionResult OnPost([FromBody] RouteModels.Nested input) => Content(input.Inner!.Tenant);
    }
}

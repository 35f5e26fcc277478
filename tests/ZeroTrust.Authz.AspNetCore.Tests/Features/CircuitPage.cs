using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Rendering;
using Microsoft.AspNetCore.Components.Web;

namespace ZeroTrust.Authz.AspNetCore.Tests.Features;

/// <summary>A page with one component that runs in a circuit and shows its user.</summary>
[Route("/circuit")]
public sealed class CircuitPage : ComponentBase
{
    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        builder.OpenElement(0, "body");
        builder.OpenComponent<Balance>(1);
        builder.AddComponentRenderMode(RenderMode.InteractiveServer);
        builder.CloseComponent();
        builder.CloseElement();
    }

    private sealed class Balance : ComponentBase
    {
        private string? _user;

        [Inject]
        private AuthenticationStateProvider States { get; set; } = null!;

        protected override async Task OnInitializedAsync() =>
            _user = (await States.GetAuthenticationStateAsync()).User.Identity?.Name ?? "nobody";

        protected override void BuildRenderTree(RenderTreeBuilder builder) => builder.AddContent(0, $"balance of {_user}");
    }
}

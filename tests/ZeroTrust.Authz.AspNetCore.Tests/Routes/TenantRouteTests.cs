using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Mvc.RazorPages.Infrastructure;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using ZeroTrust.Authz.Tests.Mesh;

namespace ZeroTrust.Authz.AspNetCore.Tests.Routes;

/// <summary>The tenant that a decision compared is the tenant that the handler gets.</summary>
public sealed class TenantRouteTests
{
    public static TheoryData<string> SoundControllerNames => Names(typeof(SoundControllers));

    public static TheoryData<string> LooseControllerNames => Names(typeof(LooseControllers));

    public static TheoryData<string> SoundHandlerNames => [.. RouteHandlers.Sound.Keys];

    public static TheoryData<string> LooseHandlerNames => [.. RouteHandlers.Loose.Keys];

    [Theory]
    [MemberData(nameof(LooseControllerNames))]
    public async Task An_action_that_takes_it_from_elsewhere_stops_the_host(string controller)
    {
        var refusal = await RouteHost.RefusedStartAsync(() => RouteHost.StartAsync(typeof(LooseControllers), controller));
        Assert.Contains("compares the tenant of route value 'tenant'", refusal, StringComparison.Ordinal);
        Assert.Contains("AuthzContext.Tenant", refusal, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(SoundControllerNames))]
    public async Task An_action_gets_the_routes_tenant_whatever_the_form_and_the_query_say(string controller)
    {
        await using var host = await RouteHost.StartAsync(typeof(SoundControllers), controller);
        await GetsTheRoutesTenantAsync(host);
    }

    [Theory]
    [MemberData(nameof(LooseHandlerNames))]
    public async Task A_handler_that_takes_it_from_elsewhere_stops_the_host(string handler) =>
        Assert.Contains(
            "compares the tenant of route value 'tenant'",
            await RouteHost.RefusedStartAsync(() => MeshHost.StartAsync(app => RouteHandlers.Map(app, RouteHandlers.Loose[handler]))),
            StringComparison.Ordinal);

    [Theory]
    [MemberData(nameof(SoundHandlerNames))]
    public async Task A_handler_gets_the_routes_tenant_whatever_the_form_and_the_query_say(string handler)
    {
        await using var host = await MeshHost.StartAsync(
            app => RouteHandlers.Map(app, RouteHandlers.Sound[handler]),
            builder => builder.Services.AddSingleton<RouteHandlers.TenantHolder>());
        await GetsTheRoutesTenantAsync(host);
    }

    [Fact]
    public async Task A_body_that_leaves_it_out_passes()
    {
        await using var host = await MeshHost.StartAsync(
            app => app.MapPost("/{tenant}/notes", (List<SoundControllers.LeftOut> models) => models[0].Read()).RequireTenant("tenant"));
    }

    [Fact]
    public async Task Every_endpoint_that_takes_it_from_elsewhere_is_named_at_once()
    {
        var refusal = await RouteHost.RefusedStartAsync(() => MeshHost.StartAsync(app =>
        {
            app.MapGet("/{tenant}/first", ([FromQuery(Name = "tenant")] string owner) => owner).RequireTenant("tenant");
            app.MapGet("/{tenant}/second", ([FromHeader] string tenant) => tenant).RequireTenant("tenant");
            app.MapGet("/{tenant}/free", ([FromQuery(Name = "tenant")] string owner) => owner).RequireContext();
        }));
        Assert.Contains("/{tenant}/first", refusal, StringComparison.Ordinal);
        Assert.Contains("/{tenant}/second", refusal, StringComparison.Ordinal);
        Assert.DoesNotContain("/{tenant}/free", refusal, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Form", true)]
    [InlineData(null, true)]
    [InlineData("Path", false)]
    public async Task A_page_is_asked_too_once_it_is_loaded(string? source, bool isRefused)
    {
        var page = new CompiledPageActionDescriptor
        {
            HandlerMethods =
            [
                new HandlerMethodDescriptor
                {
                    Parameters = [TenantFrom(source)],
                },
            ],
            BoundProperties = [],
        };
        var start = () => MeshHost.StartAsync(
            app => app.MapGet("/{tenant}/page", () => "page").RequireTenant("tenant").WithMetadata(new PageActionDescriptor()),
            builder => builder.Services.AddSingleton<PageLoader>(new OnePage(page)));
        if (isRefused)
        {
            Assert.Contains("/{tenant}/page", await RouteHost.RefusedStartAsync(start), StringComparison.Ordinal);
        }
        else
        {
            await (await start()).DisposeAsync();
        }
    }

    [Fact]
    public async Task A_route_value_that_changes_after_the_decision_is_compared_again()
    {
        await using var host = await MeshHost.StartAsync(
            app => app.MapGet("/{tenant}/notes/{id}", (string tenant, string id) => tenant + id).RequireTenant("tenant"),
            pipeline: app =>
            {
                MeshHost.UsePackages(app);
                app.Use((context, next) =>
                {
                    context.Request.RouteValues[context.Request.Query["change"].ToString()] = "changed";
                    return next(context);
                });
            });
        var gateway = host.Peer(MeshHost.Gateway);
        using var client = gateway.Client();

        Assert.Equal((403, "authz.tenant_mismatch"), await client.AskAsync(Requests.Get("/acme/notes/1?change=tenant", gateway.Send())));
        Assert.Equal((200, string.Empty), await client.AskAsync(Requests.Get("/acme/notes/1?change=id", gateway.Send())));
    }

    [Theory]
    [InlineData("other", 403, "authz.tenant_mismatch")]
    [InlineData("acme", 200, "")]
    [InlineData(null, 200, "")]
    public async Task Route_data_put_in_place_of_the_routes_is_compared_too(string? given, int status, string code)
    {
        await using var host = await MeshHost.StartAsync(
            app => app.MapGet("/{tenant}/notes", (HttpContext http) => $"{http.GetRouteData().Values["tenant"]}").RequireTenant("tenant"),
            pipeline: app =>
            {
                MeshHost.UsePackages(app);
                app.Use((context, next) =>
                {
                    var values = given is null ? [] : new RouteValueDictionary { ["tenant"] = given };
                    context.Features.Set<IRoutingFeature>(new PutFeature { RouteData = new RouteData(values) });
                    return next(context);
                });
            });
        var gateway = host.Peer(MeshHost.Gateway);
        using var client = gateway.Client();
        Assert.Equal((status, code), await client.AskAsync(Requests.Get("/acme/notes", gateway.Send())));
    }

    [Theory]
    [InlineData("route", 403, "authz.tenant_mismatch")]
    [InlineData("argument", 403, "authz.tenant_mismatch")]
    [InlineData("nothing", 200, "")]
    public async Task What_a_filter_changes_behind_the_decision_is_compared_again(string change, int status, string code)
    {
        await using var host = await RouteHost.StartAsync(
            typeof(SoundControllers),
            nameof(SoundControllers.FromTheRoute),
            mvc => mvc.AddMvcOptions(options => options.Filters.Add(new ChangingFilter(change))));
        var gateway = host.Peer(MeshHost.Gateway);
        using var client = gateway.Client();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/acme/notes").With(gateway.Send());
        Assert.Equal((status, code), await client.AskAsync(request));
    }

    [Theory]
    [InlineData("other", "Path", 403, "authz.tenant_mismatch")]
    [InlineData("acme", "Path", 200, "")]
    [InlineData("other", "Services", 200, "")]
    public async Task What_a_filter_gives_a_page_is_compared_again(string given, string source, int status, string code)
    {
        await using var host = await MeshHost.StartAsync(
            app => app.MapGet("/{tenant}/page", (HttpContext http) => GiveToPage(http, given, source)).RequireTenant("tenant"));
        var gateway = host.Peer(MeshHost.Gateway);
        using var client = gateway.Client();
        Assert.Equal((status, code), await client.AskAsync(Requests.Get("/acme/page", gateway.Send())));
    }

    // As Razor Pages does, just before the handler.
    private static void GiveToPage(HttpContext http, string tenant, string source)
    {
        var handler = new HandlerMethodDescriptor
        {
            Parameters = [TenantFrom(source)],
        };
        var page =
            new PageContext { HttpContext = http, RouteData = http.GetRouteData(), ActionDescriptor = new CompiledPageActionDescriptor() };
        var executing = new PageHandlerExecutingContext(
            page, [], handler, new Dictionary<string, object?>(StringComparer.Ordinal) { ["tenant"] = tenant }, new object());
        foreach (var filter in http.RequestServices.GetRequiredService<IOptions<MvcOptions>>().Value.Filters.OfType<IPageFilter>())
        {
            filter.OnPageHandlerExecuting(executing);
        }
    }

    private static HandlerParameterDescriptor TenantFrom(string? source) =>
        new() { Name = "tenant", ParameterType = typeof(string), BindingInfo = Binding(source) };

    private static BindingInfo? Binding(string? source) => source switch
    {
        null => null,
        "Path" => new BindingInfo { BindingSource = BindingSource.Path },
        "Services" => new BindingInfo { BindingSource = BindingSource.Services },
        _ => new BindingInfo { BindingSource = BindingSource.Form },
    };

    private static async Task GetsTheRoutesTenantAsync(MeshHost host)
    {
        var gateway = host.Peer(MeshHost.Gateway);
        using var client = gateway.Client();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/acme/notes?tenant=other").With(gateway.Send())
            .With("tenant", "other");
        request.Content = new FormUrlEncodedContent(
            [new("tenant", "other"), new("model.tenant", "other"), new("parts.tenant", "other"), new("note.tenant", "other")]);
        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(
            "200 acme", $"{(int)response.StatusCode} {await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)}");

        using var foreign = new HttpRequestMessage(HttpMethod.Post, "/other/notes").With(gateway.Send());
        foreign.Content = new FormUrlEncodedContent([new("tenant", "acme")]);
        Assert.Equal((403, "authz.tenant_mismatch"), await client.AskAsync(foreign));
    }

    private static TheoryData<string> Names(Type group) =>
        [.. group.GetNestedTypes(BindingFlags.NonPublic).Where(
            type => type.IsAssignableTo(typeof(ControllerBase))).Select(type => type.Name)];

    private sealed class ChangingFilter(string change) : IResourceFilter, IActionFilter
    {
        public void OnResourceExecuting(ResourceExecutingContext context)
        {
            if (change == "route")
            {
                context.RouteData.Values["tenant"] = "other";
            }
        }

        public void OnActionExecuting(ActionExecutingContext context)
        {
            if (change == "argument")
            {
                context.ActionArguments["tenant"] = "other";
            }
        }

        public void OnResourceExecuted(ResourceExecutedContext context)
        {
        }

        public void OnActionExecuted(ActionExecutedContext context)
        {
        }
    }

    private sealed class PutFeature : IRoutingFeature
    {
        public RouteData? RouteData { get; set; }
    }

    private sealed class OnePage(CompiledPageActionDescriptor page) : PageLoader
    {
        [Obsolete("As the base has it.")]
        public override Task<CompiledPageActionDescriptor> LoadAsync(PageActionDescriptor actionDescriptor) => Task.FromResult(page);

        public override Task<CompiledPageActionDescriptor> LoadAsync(
            PageActionDescriptor actionDescriptor, EndpointMetadataCollection endpointMetadata) => Task.FromResult(page);
    }
}

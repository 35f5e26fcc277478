using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using ZeroTrust.AspNetCore;
using ZeroTrust.Authz.AspNetCore.Tests.Naked;
using ZeroTrust.Authz.Tests.Mesh;

namespace ZeroTrust.Authz.AspNetCore.Tests;

public sealed class DefaultDenyTests
{
    [Fact]
    public async Task A_naked_endpoint_stops_the_host_and_every_one_is_named()
    {
        var refusal = await RefusedStartAsync(app =>
        {
            app.MapGet("/decided", () => "ok").RequireContext();
            app.MapGet("/naked", () => "naked");
            app.MapPost("/bare", () => "bare");
        });

        Assert.Contains("/naked", refusal, StringComparison.Ordinal);
        Assert.Contains("/bare", refusal, StringComparison.Ordinal);
        Assert.DoesNotContain("/decided", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_decisions_stop_the_host()
    {
        var refusal = await RefusedStartAsync(app =>
            app.MapGroup("/group").RequireContext().MapGet("/child", () => "ok").RequirePermission("orders:read"));

        Assert.Contains("/group/child", refusal, StringComparison.Ordinal);
        Assert.Contains("permission orders:read", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_decision_on_a_group_covers_its_endpoints()
    {
        await using var host = await MeshHost.StartAsync(app => app.MapGroup("/group").RequirePermission("orders:read").MapGet("/child", () => "ok"));
        using var client = host.Peer(MeshHost.Gateway).Client();

        Assert.Equal((401, "authz.context_missing"), await client.AskAsync(Requests.Get("/group/child")));
    }

    [Fact]
    public async Task An_endpoint_that_allows_anonymous_callers_stops_the_host() =>
        Assert.Contains("/open", await RefusedStartAsync(app => app.MapGet("/open", () => "ok").RequireContext().AllowAnonymous()), StringComparison.Ordinal);

    [Fact]
    public async Task A_requirement_that_is_not_a_decision_stops_the_host() =>
        Assert.Contains("/policy", await RefusedStartAsync(app => app.MapGet("/policy", () => "ok").RequireAuthorization()), StringComparison.Ordinal);

    [Fact]
    public async Task A_short_circuited_endpoint_without_decision_stops_the_host() =>
        Assert.Contains("/short", await RefusedStartAsync(app => app.MapGet("/short", () => "ok").ShortCircuit()), StringComparison.Ordinal);

    [Theory]
    [InlineData("/permission")]
    [InlineData("/public")]
    [InlineData("/prefix")]
    [InlineData("/grouped")]
    public async Task A_short_circuit_beside_a_decision_stops_the_host(string route)
    {
        var refusal = await RefusedStartAsync(app =>
        {
            app.MapGet("/permission", () => "ok").RequirePermission("orders:read").ShortCircuit();
            app.MapGet("/public", () => "ok").ShortCircuit(200).AllowPublic("no secret");
            app.MapShortCircuit(404, "/prefix").Add(endpoint => endpoint.Metadata.Add(new AllowPublicAttribute("no secret")));
            var group = app.MapGroup("/grouped");
            group.RequireContext().ShortCircuit();
            group.MapGet("/child", () => "ok");
            app.MapGet("/decided", () => "ok").RequireContext();
        });

        Assert.Contains(
            refusal.Split(Environment.NewLine),
            line => line.Contains(route, StringComparison.Ordinal) && line.Contains("remove ShortCircuit()", StringComparison.Ordinal));
        Assert.DoesNotContain("/decided", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_short_circuit_added_after_start_is_refused_also_beside_a_decision()
    {
        var late = new LateEndpoints();
        await using var host = await MeshHost.StartAsync(app => ((IEndpointRouteBuilder)app).DataSources.Add(late));
        using var client = host.Peer(MeshHost.Gateway).Client();

        late.Publish("/late", [.. NakedCases.ShortCircuit(), new RequireContextAttribute()]);

        Assert.Equal((403, "aspnetcore.endpoint_undecided"), await client.AskAsync(Requests.Get("/late")));
        Assert.Single(host.Logs.GetSnapshot(), record => record.Id.Name == "LateEndpointUndecided");
    }

    [Fact]
    public async Task A_decision_that_hides_the_policy_stops_the_host() =>
        Assert.Contains("/hidden", await RefusedStartAsync(app => app.MapGet("/hidden", () => "ok").WithMetadata(new HiddenDecision())), StringComparison.Ordinal);

    [Fact]
    public async Task A_tenant_parameter_that_the_route_does_not_have_stops_the_host() =>
        Assert.Contains("'tenant'", await RefusedStartAsync(app => app.MapGet("/orders/{id}", () => "ok").RequirePermission("orders:read", "tenant")), StringComparison.Ordinal);

    [Fact]
    public async Task A_forgotten_context_middleware_stops_the_host()
    {
        var refusal = await RefusedStartAsync(
            app => app.MapGet("/orders", () => "ok").RequireContext(),
            app => app.UseListenerGuard());

        Assert.Contains("UseAuthzContext", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_context_middleware_in_a_branch_only_stops_the_host()
    {
        var refusal = await RefusedStartAsync(
            app => app.MapGet("/orders", () => "ok").RequireContext(),
            app => app.UseWhen(context => context.Request.Path == "/elsewhere", branch => branch.UseContextHeaderStripping().UseAuthzContext()));

        Assert.Contains("UseAuthzContext", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_forgotten_header_stripping_stops_the_host()
    {
        var refusal = await RefusedStartAsync(_ => { }, app => app.UseAuthzContext());

        Assert.Contains("UseContextHeaderStripping", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_authorization_that_runs_before_the_context_refuses()
    {
        await using var host = await MeshHost.StartAsync(OrdersService.Map, pipeline: app =>
        {
            app.UseListenerGuard();
            app.UseContextHeaderStripping();
            app.UseRouting();
            app.UseAuthorization();
            app.UseAuthzContext();
        });
        var gateway = host.Peer(MeshHost.Gateway);
        using var client = gateway.Client();

        Assert.Equal(500, (await client.AskAsync(Requests.Get("/orders", gateway.Send()))).Status);
    }

    [Fact]
    public async Task An_endpoint_added_after_start_is_refused_until_it_is_decided()
    {
        var late = new LateEndpoints();
        await using var host = await MeshHost.StartAsync(app => ((IEndpointRouteBuilder)app).DataSources.Add(late));
        using var client = host.Peer(MeshHost.Gateway).Client();
        Assert.Equal(404, (await client.AskAsync(Requests.Get("/late"))).Status);

        late.Publish("/late");
        Assert.Equal((403, "aspnetcore.endpoint_undecided"), await client.AskAsync(Requests.Get("/late")));

        late.Publish("/late", new RequireContextAttribute());
        Assert.Equal((401, "authz.context_missing"), await client.AskAsync(Requests.Get("/late")));
        var told = Assert.Single(host.Logs.GetSnapshot(), record => record.Id.Name == "LateEndpointUndecided");
        Assert.Contains("/late", told.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Orders:Read")]
    [InlineData("orders read")]
    public void A_decision_for_something_that_is_no_permission_cannot_be_made(string permission) =>
        Assert.Throws<ArgumentException>(() => new RequirePermissionAttribute(permission));

    [Fact]
    public void A_decision_says_what_it_decides()
    {
        Assert.Equal("permission orders:read", new RequirePermissionAttribute("orders:read").Description);
        Assert.Equal("permission orders:read, tenant of route value 'tenant'", new RequirePermissionAttribute("orders:read") { TenantRouteValue = "tenant" }.Description);
        Assert.Equal("context", new RequireContextAttribute().Description);
    }

    private static async Task<string> RefusedStartAsync(Action<WebApplication> map, Action<WebApplication>? pipeline = null)
    {
        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(async () =>
        {
            await using var host = await MeshHost.StartAsync(map, pipeline: pipeline);
        });
        return refusal.Message;
    }
}

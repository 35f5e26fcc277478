using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace ZeroTrust.AspNetCore.Tests;

public sealed class EndpointDecisionTests
{
    [Theory]
    [InlineData("/public", 200, null)]
    [InlineData("/undecided", 403, "aspnetcore.endpoint_undecided")]
    [InlineData("/two", 403, "aspnetcore.endpoint_undecided")]
    [InlineData("/anonymous", 403, "aspnetcore.endpoint_undecided")]
    [InlineData("/peer", 401, "aspnetcore.peer_required")]
    [InlineData("/throws", 500, "aspnetcore.check_failed")]
    [InlineData("/carried", 400, "test.malformed")]
    [InlineData("/policy", 401, "aspnetcore.unauthenticated")]
    [InlineData("/escaped", 400, "test.malformed")]
    [InlineData("/result", 400, "test.malformed")]
    [InlineData("/not-here", 404, "aspnetcore.endpoint_not_on_listener")]
    [InlineData("/nowhere", 404, "aspnetcore.endpoint_not_found")]
    public async Task An_endpoint_is_reached_only_through_its_one_decision(string path, int status, string? code)
    {
        var reached = 0;
        await using var host = await TestHost.StartAsync(TestHost.ProbeListener(), use: app => Map(app, () => reached++));
        using var client = Client(host);
        using var response = await client.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(code, await CodeOfAsync(response));
        Assert.Equal(code is null ? 1 : 0, reached);
    }

    [Theory]
    [InlineData("/public", 404)]
    [InlineData("/nowhere", 404)]
    public async Task A_wrong_method_tells_nothing_about_what_exists(string path, int status)
    {
        await using var host = await TestHost.StartAsync(TestHost.ProbeListener(), use: app => Map(app, () => { }));
        using var client = Client(host);
        using var response = await client.DeleteAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal("aspnetcore.endpoint_not_found", await CodeOfAsync(response));
        Assert.Empty(response.Content.Headers.Allow);
    }

    [Theory]
    [InlineData("1.1", Mesh.Client, 200, null)]
    [InlineData("1.1", "spiffe://example.test/reports", 403, "aspnetcore.peer_not_allowed")]
    [InlineData("2.0", Mesh.Client, 200, null)]
    [InlineData("2.0", "spiffe://example.test/reports", 403, "aspnetcore.peer_not_allowed")]
    public async Task An_endpoint_names_the_peers_it_serves(string version, string allowed, int status, string? code)
    {
        using var mesh = new Mesh();
        await using var host = await TestHost.StartAsync(
            TestHost.MeshListener(), mesh, use: app => app.MapGet("/", () => "ok").RequirePeer(allowed));
        using var certificate = mesh.Authority.Issue(Mesh.Client);
        using var client = Mesh.Connect(host.EndPoint("mesh"), certificate, Version.Parse(version));
        using var response = await client.GetAsync(new Uri("/", UriKind.Relative), TestContext.Current.CancellationToken);

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(code, await CodeOfAsync(response));
    }

    [Fact]
    public async Task An_endpoint_without_roles_is_on_edge_and_mesh_and_not_on_a_probe_listener()
    {
        using var mesh = new Mesh();
        var settings = TestHost.MeshListener();
        foreach (var setting in TestHost.EdgeListener().Concat(TestHost.ProbeListener()).Concat(TestHost.MeshListener("Management", "management")))
        {
            settings.Add(setting.Key, setting.Value);
        }

        await using var host = await TestHost.StartAsync(settings, mesh, use: app => app.MapGet("/", () => "ok").AllowPublic("test"));
        using var certificate = mesh.Authority.Issue(Mesh.Client);

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(Mesh.Connect(host.EndPoint("edge"), certificate: null)));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(Mesh.Connect(host.EndPoint("mesh"), certificate)));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(Mesh.Connect(host.EndPoint("management"), certificate)));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(new HttpClient { BaseAddress = new Uri($"http://{host.EndPoint("probe")}") }));
    }

    [Fact]
    public async Task The_fallback_of_the_application_does_not_open_undecided_endpoints()
    {
        await using var host = await TestHost.StartAsync(
            TestHost.ProbeListener(),
            build: builder => builder.Services.AddAuthorization(options => options.FallbackPolicy = null),
            use: app => Map(app, () => { }));
        using var client = Client(host);
        using var response = await client.GetAsync(new Uri("/undecided", UriKind.Relative), TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
    }

    [Fact]
    public async Task A_forgotten_authorization_middleware_serves_nothing()
    {
        var reached = 0;
        var builder = WebApplication.CreateBuilder();
        builder.Configuration.AddInMemoryCollection(TestHost.ProbeListener());
        builder.Services.AddZeroTrust().AddListeners();
        await using var app = builder.Build();
        app.UseListenerGuard();
        app.UseRouting();
        app.UseListenerRoles();
        Map(app, () => reached++);
        await app.StartAsync(TestContext.Current.CancellationToken);
        using var client = new HttpClient { BaseAddress = new Uri($"http://{app.Services.GetRequiredService<BoundListeners>().GetEndPoint("probe")}") };
        using var response = await client.GetAsync(new Uri("/public", UriKind.Relative), TestContext.Current.CancellationToken);

        Assert.False(response.IsSuccessStatusCode);
        Assert.Equal(0, reached);
    }

    [Fact]
    public void Decisions_are_described_and_refuse_nonsense()
    {
        var app = WebApplication.CreateBuilder().Build();
        var endpoint = app.MapGet("/", () => "ok");

        Assert.Throws<ArgumentException>(() => endpoint.AllowPublic(" "));
        Assert.Throws<ArgumentException>(() => endpoint.RequirePeer("gateway"));
        Assert.Equal("peer " + Mesh.Client, new RequirePeerAttribute(Mesh.Client).Description);
        AssertFixed(new RequirePeerAttribute());
    }

    private static void AssertFixed<T>(T data)
        where T : IAuthorizeData
    {
        Assert.Equal(EndpointDecisionPolicy.Name, data.Policy);
        Assert.Null(data.Roles);
        Assert.Null(data.AuthenticationSchemes);
        Assert.Throws<NotSupportedException>(() => data.Policy = "open");
    }

    private static HttpClient Client(TestHost host) => new() { BaseAddress = new Uri($"http://{host.EndPoint("probe")}") };

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client)
    {
        using (client)
        {
            using var response = await client.GetAsync(new Uri("/", UriKind.Relative), TestContext.Current.CancellationToken);
            return response.StatusCode;
        }
    }

    private static async Task<string?> CodeOfAsync(HttpResponseMessage response)
    {
        if (response.IsSuccessStatusCode)
        {
            return null;
        }

        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        using var problem = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        return problem.RootElement.GetProperty("code").GetString();
    }

    private static void Map(WebApplication app, Action reached)
    {
        var malformed = new Rejection("test.malformed", "secret detail", RejectionKind.Malformed);
        string Serve()
        {
            reached();
            return "ok";
        }

        app.MapGet("/public", Serve).AllowPublic("test").OnListeners(ListenerRoles.Probe);
        app.MapGet("/undecided", Serve).OnListeners(ListenerRoles.Probe);
        app.MapGet("/two", Serve).AllowPublic("test").RequirePeer().OnListeners(ListenerRoles.Probe);
        app.MapGet("/anonymous", Serve).AllowPublic("test").AllowAnonymous().OnListeners(ListenerRoles.Probe);
        app.MapGet("/peer", Serve).RequirePeer().OnListeners(ListenerRoles.Probe);
        app.MapGet("/throws", Serve).WithMetadata(new Decision(() => throw new InvalidTimeZoneException("boom"))).OnListeners(ListenerRoles.Probe);
        app.MapGet("/carried", Serve).WithMetadata(new Decision(() => throw new RejectionException(malformed))).OnListeners(ListenerRoles.Probe);
        app.MapGet("/policy", Serve).AllowPublic("test").RequireAuthorization(policy => policy.RequireAuthenticatedUser()).OnListeners(ListenerRoles.Probe);
        app.MapGet("/escaped", string () => throw new RejectionException(malformed)).AllowPublic("test").OnListeners(ListenerRoles.Probe);
        app.MapGet("/result", () => Rejections.ToResult(malformed)).AllowPublic("test").OnListeners(ListenerRoles.Probe);
        app.MapGet("/not-here", Serve).AllowPublic("test");
    }

    private sealed class Decision(Func<Verdict<IEndpointDecision>> decide) : IEndpointDecision
    {
        public string Description => "test";

        public Verdict<IEndpointDecision> Decide(HttpContext context) => decide();
    }
}

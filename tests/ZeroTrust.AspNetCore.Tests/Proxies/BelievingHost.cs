using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace ZeroTrust.AspNetCore.Tests.Proxies;

/// <summary>A host that believes forwarded headers of one workload on mesh and of two addresses on edge, and says what it saw.</summary>
internal static class BelievingHost
{
    public const string Proxy = ProxiedMesh.ProxyId;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static async Task<string> AskAsync(HttpClient http, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("/", UriKind.Relative))
        {
            Version = http.DefaultRequestVersion,
            VersionPolicy = http.DefaultVersionPolicy,
        };
        if (http.DefaultVersionPolicy == HttpVersionPolicy.RequestVersionExact)
        {
            request.Headers.Host = "localhost";
        }

        foreach (var (name, value) in headers)
        {
            Assert.True(request.Headers.TryAddWithoutValidation(name, value));
        }

        using var response = await http.SendAsync(request, Cancelled);
        return await response.Content.ReadAsStringAsync(Cancelled);
    }

    public static Task<TestHost> StartAsync(
        Mesh mesh,
        Action<Dictionary<string, string?>>? change = null,
        Action<WebApplicationBuilder>? build = null,
        Action<WebApplication>? use = null,
        TimeProvider? time = null)
    {
        var settings = TestHost.MeshListener();
        foreach (var (key, value) in TestHost.EdgeListener().Concat(TestHost.ProbeListener()))
        {
            settings[key] = value;
        }

        settings["ZeroTrust:Listeners:mesh:Peers:1"] = Proxy;
        settings["ZeroTrust:Listeners:mesh:ForwardingProxies:0"] = Proxy;
        settings["ZeroTrust:Listeners:mesh:ForwardedHeaders:0"] = "For";
        settings["ZeroTrust:Listeners:mesh:ForwardedHeaders:1"] = "Proto";
        settings["ZeroTrust:Listeners:mesh:ForwardedHeaders:2"] = "Host";
        settings["ZeroTrust:Listeners:mesh:ForwardedHosts:0"] = "shop.example";
        settings["ZeroTrust:Listeners:edge:ForwardedHeaders:0"] = "for";
        settings["ZeroTrust:Listeners:edge:ForwardedHeadersFrom:0"] = "127.9.0.4/31";
        change?.Invoke(settings);
        return TestHost.StartAsync(
            settings,
            mesh,
            build,
            app =>
            {
                const ListenerRoles everywhere = ListenerRoles.Mesh | ListenerRoles.Edge | ListenerRoles.Probe | ListenerRoles.Management;
                use?.Invoke(app);
                app.MapGet("/", Seen).AllowPublic("test").OnListeners(everywhere);
                app.MapPost("/trailers", TrailersAsync).AllowPublic("test").OnListeners(everywhere);
            },
            time);
    }

    private static string Seen(HttpContext context) =>
        $"{context.Request.Scheme} {context.Request.Host} {context.Connection.RemoteIpAddress};"
        + string.Join(' ', context.Request.Headers.Keys.Where(static name => name is not ("Host" or "traceparent")));

    private static async Task TrailersAsync(HttpContext context)
    {
        await context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted);
        var trailers = context.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpRequestTrailersFeature>()!;
        await context.Response.WriteAsync("trailers: " + string.Join(' ', trailers.Trailers.Keys), context.RequestAborted);
    }
}

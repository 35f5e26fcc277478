using Microsoft.AspNetCore.Builder;
using ZeroTrust.Authz.Tests.Mesh;

namespace ZeroTrust.Authz.AspNetCore.Tests.Features;

/// <summary>A service on real Kestrel, and one gateway that calls it over one connection for subjects of two tenants.</summary>
internal sealed class TwoTenants : IAsyncDisposable
{
    private readonly Dictionary<string, TxnHeaders> _contexts = new(StringComparer.Ordinal);

    private TwoTenants(MeshHost host)
    {
        Host = host;
        Gateway = host.Peer(MeshHost.Gateway);
        Client = Gateway.Client();
        foreach (var tenant in (string[])["acme", "globex"])
        {
            _contexts[tenant] = Gateway.Send(tenant);
            _contexts[tenant + "/idp/bob"] = Gateway.Send(tenant, subject: "idp/bob");
        }
    }

    public MeshHost Host { get; }

    public HttpClient Client { get; }

    public MeshPeer Gateway { get; }

    /// <summary>Starts a service whose pipeline is the packages' order, and what the application adds behind it.</summary>
    public static async Task<TwoTenants> StartAsync(
        Action<WebApplication> map, Action<WebApplicationBuilder>? configure = null, Action<WebApplication>? behind = null,
        Action<WebApplication>? pipeline = null) =>
        new(await MeshHost.StartAsync(map, configure, pipeline ?? (app =>
        {
            MeshHost.UsePackages(app);
            behind?.Invoke(app);
        })));

    /// <summary>The headers of a tenant's context, or of one of its second subject (<c>acme/idp/bob</c>).</summary>
    public TxnHeaders ContextOf(string caller) => _contexts[caller];

    public Task<HttpResponseMessage> SendAsync(string? caller, HttpRequestMessage request) =>
        Client.SendAsync(caller is null ? request : request.With(_contexts[caller]), TestContext.Current.CancellationToken);

    /// <summary>The status and the body of an answer.</summary>
    public async Task<string> AskAsync(string? caller, HttpRequestMessage request)
    {
        using (request)
        {
            using var response = await SendAsync(caller, request);
            var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            return response.IsSuccessStatusCode ? $"{(int)response.StatusCode} {body}" : $"{(int)response.StatusCode}";
        }
    }

    public Task<string> AskAsync(string? caller, string path = "/answer") => AskAsync(caller, Requests.Get(path));

    public async Task<string> AskTwiceAsync(string? caller, string path = "/answer") =>
        $"{await AskAsync(caller, path)}, {await AskAsync(caller, path)}";

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Gateway.DisposeAsync();
        await Host.DisposeAsync();
    }
}

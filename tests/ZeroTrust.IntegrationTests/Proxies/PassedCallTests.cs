using System.Net;
using System.Net.WebSockets;
using ZeroTrust.AspNetCore;

namespace ZeroTrust.IntegrationTests.Proxies;

/// <summary>What the committed configurations leave of a call: its host, its upgrade, its streams.</summary>
public sealed class PassedCallTests : IDisposable
{
    private const string Nginx = "nginx/nginx.conf";
    private const string Haproxy = "haproxy/haproxy.cfg";

    private readonly ProxiedPki _pki = new();

    public void Dispose() => _pki.Dispose();

    [Theory]
    [InlineData(Nginx, "1.1")]
    [InlineData(Nginx, "2.0")]
    [InlineData(Haproxy, "1.1")]
    [InlineData(Haproxy, "2.0")]
    public async Task A_link_that_the_service_makes_has_the_host_of_the_caller(string configuration, string version)
    {
        await using var service = await StartServiceAsync(configuration, allowedHosts: "localhost");
        using var proxy = await RunningProxy.StartAsync(configuration, _pki, service.EndPoint);
        using var client = Connect(proxy, version);

        Assert.Equal(client.Address.AbsoluteUri, await client.AskLinkAsync());
        Assert.Equal(client.Address.AbsoluteUri, await client.CallLinkAsync());
        Assert.StartsWith("400", await client.AskAsync(("Host", "evil.example")), StringComparison.Ordinal);
        Assert.Empty(service.Log.Named("ResponseUndecided"));
    }

    [Fact]
    public async Task Nginx_without_a_host_has_the_service_called_by_the_name_of_its_upstream()
    {
        await using var service = await StartServiceAsync(Nginx);
        using var proxy = await RunningProxy.StartAsync(Nginx, _pki, service.EndPoint, static text => text
            .Replace("proxy_set_header Host $http_host;", string.Empty, StringComparison.Ordinal)
            .Replace("grpc_set_header Host $http_host;", string.Empty, StringComparison.Ordinal));
        using var client = Connect(proxy, "1.1");

        Assert.Equal("https://orders_http/", await client.AskLinkAsync());
        Assert.Equal("https://orders_grpc/", await client.CallLinkAsync());
    }

    [Theory]
    [InlineData(Nginx, "1.1")]
    [InlineData(Haproxy, "1.1")]
    [InlineData(Haproxy, "2.0")]
    public async Task A_WebSocket_passes(string configuration, string version)
    {
        await using var service = await StartServiceAsync(configuration);
        using var proxy = await RunningProxy.StartAsync(configuration, _pki, service.EndPoint);
        using var client = Connect(proxy, version);

        Assert.Equal("hello", await client.EchoAsync("hello"));
    }

    [Fact]
    public async Task Nginx_hands_on_no_other_upgrade()
    {
        await using var service = await StartServiceAsync(Nginx);
        using var proxy = await RunningProxy.StartAsync(Nginx, _pki, service.EndPoint);
        using var without = await RunningProxy.StartAsync(
            Nginx, _pki, service.EndPoint, static text => text.Replace("Upgrade $upgrade;", "Upgrade \"\";", StringComparison.Ordinal));
        using var client = Connect(proxy, "1.1");
        using var plain = Connect(without, "1.1");

        Assert.EndsWith(
            "by HTTP/1.1",
            await client.AskAsync(("Upgrade", "h2c"), ("Connection", "Upgrade"), ("HTTP2-Settings", "AAMAAABkAAQAoAAAAAIAAAAA")),
            StringComparison.Ordinal);
        await Assert.ThrowsAsync<WebSocketException>(() => plain.EchoAsync("hello"));
    }

    [Theory]
    [InlineData(Nginx, "1.1")]
    [InlineData(Nginx, "2.0")]
    [InlineData(Haproxy, "1.1")]
    [InlineData(Haproxy, "2.0")]
    public async Task Bodies_pass_as_they_come(string configuration, string version)
    {
        await using var service = await StartServiceAsync(configuration);
        using var proxy = await RunningProxy.StartAsync(configuration, _pki, service.EndPoint);
        using var client = Connect(proxy, version);

        Assert.Equal("first last 200", await client.StreamAsync());
        Assert.Equal($"4000000 from {ProxiedPki.Gateway}", await client.PostAsync(4_000_000));
    }

    private static Action<ListenerOptions> Listener(string configuration) => listener =>
    {
        listener.ForwardingProxies = [ProxiedPki.Ingress];
        listener.ForwardedHeaders = ["For"];
        listener.ForwardedCertificate = configuration == Haproxy
            ? ForwardedCertificateFormat.Rfc9440JoinedChain
            : ForwardedCertificateFormat.Rfc9440;
    };

    private ProxyClient Connect(RunningProxy proxy, string version) =>
        new(proxy.EndPoint, _pki.Caller(0), Version.Parse(version), IPAddress.Loopback);

    private Task<ProxiedService> StartServiceAsync(string configuration, string allowedHosts = "*")
    {
        RunningProxy.Require(configuration.Split('/')[0]);
        return ProxiedService.StartAsync(_pki, Listener(configuration), bundle: null, allowedHosts);
    }
}

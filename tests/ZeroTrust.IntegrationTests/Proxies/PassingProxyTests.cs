using System.Net;

namespace ZeroTrust.IntegrationTests.Proxies;

/// <summary>nginx and haproxy pass TLS through and tell the caller's address by the PROXY protocol.</summary>
public sealed class PassingProxyTests : IDisposable
{
    private const string Nginx = "nginx/stream.conf";
    private const string Haproxy = "haproxy/passthrough.cfg";
    private const string Caller = "127.9.8.7";

    private readonly ProxiedPki _pki = new();

    public void Dispose() => _pki.Dispose();

    [Theory]
    [InlineData(Nginx, "2.0", null)]
    [InlineData(Nginx, "1.1", null)]
    [InlineData(Haproxy, "2.0", null)]
    [InlineData(Haproxy, "1.1", null)]
    [InlineData(Haproxy, "2.0", "send-proxy ")]
    [InlineData(Haproxy, "2.0", "send-proxy-v2 proxy-v2-options crc32c,unique-id ")]
    public async Task The_caller_is_the_peer_at_its_own_address(string configuration, string version, string? header)
    {
        await using var service = await StartServiceAsync(configuration);
        using var proxy = await RunningProxy.StartAsync(
            configuration,
            _pki,
            service.EndPoint,
            text => header is null ? text : text.Replace("send-proxy-v2 ", header, StringComparison.Ordinal));
        using var client = new ProxyClient(proxy.EndPoint, _pki.Caller(1), Version.Parse(version), IPAddress.Parse(Caller));

        Assert.Equal($"{ProxiedPki.Gateway} from {Caller} by HTTP/{(version == "2.0" ? "2" : "1.1")}", await client.AskAsync());
        Assert.Equal($"{ProxiedPki.Gateway} from {Caller} by HTTP/2", await client.CallAsync());
    }

    [Theory]
    [InlineData("send-proxy-v2 check check-send-proxy")]
    [InlineData("send-proxy check check-send-proxy")]
    [InlineData("send-proxy-v2 check")]
    public async Task Checks_of_haproxy_are_quiet(string options)
    {
        await using var service = await StartServiceAsync(Haproxy);
        using var proxy = await RunningProxy.StartAsync(Haproxy, _pki, service.EndPoint, text => text
            .Replace("send-proxy-v2 check check-send-proxy inter 2s", options + " inter 50ms", StringComparison.Ordinal));
        using var client = new ProxyClient(proxy.EndPoint, _pki.Caller(1), HttpVersion.Version11, IPAddress.Parse(Caller));
        using var ended = new EndedConnections(service.EndPoint.Port);

        await ended.ReachAsync(10);

        Assert.StartsWith($"{ProxiedPki.Gateway} from {Caller}", await client.AskAsync(), StringComparison.Ordinal);
        Assert.Empty(service.Log.Named("PeerRefused"));
    }

    [Theory]
    [InlineData(Nginx)]
    [InlineData(Haproxy)]
    public async Task A_proxy_that_is_not_listed_reaches_nothing_and_it_is_told(string configuration)
    {
        RunningProxy.Require(configuration.Split('/')[0]);
        await using var service = await ProxiedService.StartAsync(_pki, static listener => listener.ProxyProtocolFrom = ["192.0.2.7"]);
        using var proxy = await RunningProxy.StartAsync(configuration, _pki, service.EndPoint);
        using var client = new ProxyClient(proxy.EndPoint, _pki.Caller(1), HttpVersion.Version11);

        await Assert.ThrowsAsync<HttpRequestException>(() => client.AskAsync());

        await service.RefusedAsync("mtls.handshake_invalid");
    }

    [Fact]
    public async Task A_proxy_that_is_listed_and_sends_no_header_is_told()
    {
        await using var service = await StartServiceAsync(Nginx);
        using var proxy = await RunningProxy.StartAsync(
            Nginx, _pki, service.EndPoint, static text => text.Replace("proxy_protocol on;", string.Empty, StringComparison.Ordinal));
        using var client = new ProxyClient(proxy.EndPoint, _pki.Caller(1), HttpVersion.Version11);

        await Assert.ThrowsAsync<HttpRequestException>(() => client.AskAsync());

        await service.RefusedAsync("aspnetcore.proxy_header_missing");
    }

    private Task<ProxiedService> StartServiceAsync(string configuration)
    {
        RunningProxy.Require(configuration.Split('/')[0]);
        return ProxiedService.StartAsync(_pki, static listener => listener.ProxyProtocolFrom = ["127.0.0.1"]);
    }
}

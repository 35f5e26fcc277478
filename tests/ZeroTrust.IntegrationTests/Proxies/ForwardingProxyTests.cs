using System.Net;
using Grpc.Core;
using ZeroTrust.AspNetCore;
using ZeroTrust.Mtls;
using ZeroTrust.Testing;

namespace ZeroTrust.IntegrationTests.Proxies;

/// <summary>
/// nginx and haproxy as Debian has them, with the committed configurations, end the TLS of callers and forward their certificates.
/// </summary>
public sealed class ForwardingProxyTests : IDisposable
{
    private const string Nginx = "nginx/nginx.conf";
    private const string Haproxy = "haproxy/haproxy.cfg";
    private const string Caller = "127.9.8.7";
    private const string Through = $"{ProxiedPki.Gateway} through {ProxiedPki.Ingress} from {Caller} by ";

    private readonly ProxiedPki _pki = new();

    public void Dispose() => _pki.Dispose();

    [Theory]
    [InlineData(Nginx, 0, "1.1")]
    [InlineData(Nginx, 0, "2.0")]
    [InlineData(Haproxy, 0, "1.1")]
    [InlineData(Haproxy, 0, "2.0")]
    [InlineData(Haproxy, 1, "1.1")]
    [InlineData(Haproxy, 1, "2.0")]
    [InlineData(Haproxy, 2, "1.1")]
    [InlineData(Haproxy, 2, "2.0")]
    public async Task A_caller_is_the_peer_over_HTTP_and_gRPC(string configuration, int intermediates, string version)
    {
        await using var service = await StartServiceAsync(configuration);
        using var proxy = await StartProxyAsync(configuration, service);
        using var client = Connect(proxy, _pki.Caller(intermediates), version);

        Assert.Equal(Through + "HTTP/1.1", await client.AskAsync());
        Assert.Equal(Through + "HTTP/2", await client.CallAsync());
        Assert.Equal($"60000 from {ProxiedPki.Gateway}", await client.PostAsync(60_000));
        Assert.Empty(service.Log.Named("CallRefused"));
        Assert.Empty(service.Log.Named("PeerRefused"));
    }

    [Theory]
    [InlineData(Nginx)]
    [InlineData(Haproxy)]
    public async Task A_leaf_with_a_key_of_RSA_is_forwarded(string configuration)
    {
        await using var service = await StartServiceAsync(configuration);
        using var proxy = await StartProxyAsync(configuration, service);
        using var certificate = _pki.Root.Issue(options =>
        {
            options.SpiffeId = ProxiedPki.Gateway;
            options.Key = TestKeyAlgorithm.Rsa2048;
        });
        using var client = Connect(proxy, certificate, "1.1");

        Assert.Equal(Through + "HTTP/1.1", await client.AskAsync());
    }

    [Theory]
    [InlineData(Nginx)]
    [InlineData(Haproxy)]
    public async Task Headers_that_a_caller_writes_are_not_the_proxys(string configuration)
    {
        await using var service = await StartServiceAsync(configuration);
        using var proxy = await StartProxyAsync(configuration, service);
        using var client = Connect(proxy, _pki.Caller(0), "1.1");
        using var stranger = Connect(proxy, _pki.Caller(0, "spiffe://example.test/reports"), "1.1");
        var forged = $":{Convert.ToBase64String(_pki.Caller(0).ToPeerCertificates().LeafDer.Span)}:";
        string[] names = ["Client-Cert", "client-cert", "Client_Cert", "X-Forwarded-Client-Cert", "Client-Cert-Chain", "X-SSL-Client-Cert"];
        foreach (var name in names)
        {
            Assert.Equal(
                Through + "HTTP/1.1",
                await client.AskAsync((name, ":AAAA:"), ("X-Forwarded-For", "203.0.113.9"), ("X-Real-IP", "203.0.113.9")));
            Assert.Equal("403 mtls.peer_not_listed", await stranger.AskAsync((name, forged)));
        }

        Assert.Equal(
            Through + "HTTP/2",
            await client.CallAsync(("client-cert", ":AAAA:"), ("client-cert-chain", ":AAAA:"), ("x-forwarded-for", "203.0.113.9")));
    }

    [Theory]
    [InlineData(Nginx, "1.1")]
    [InlineData(Nginx, "2.0")]
    [InlineData(Haproxy, "1.1")]
    [InlineData(Haproxy, "2.0")]
    public async Task A_proxy_that_is_refused_tells_its_callers_of_a_failure_of_its_own(string configuration, string version)
    {
        RunningProxy.Require(configuration.Split('/')[0]);
        await using var service = await ProxiedService.StartAsync(_pki, listener =>
        {
            Listener(configuration)(listener);
            listener.ForwardingProxies = ["spiffe://example.test/another"];
        });
        using var proxy = await StartProxyAsync(configuration, service);
        using var client = Connect(proxy, _pki.Caller(0), version);

        Assert.StartsWith("502", await client.AskAsync(), StringComparison.Ordinal);
        Assert.StartsWith("502", await client.PostAsync(60_000), StringComparison.Ordinal);
        var call = await Assert.ThrowsAsync<RpcException>(() => client.CallAsync());
        Assert.Equal(StatusCode.Unavailable, call.StatusCode);
        Assert.DoesNotContain("mtls.", call.Status.Detail, StringComparison.Ordinal);
        await service.RefusedAsync("mtls.peer_not_listed");
    }

    [Theory]
    [InlineData(Nginx)]
    [InlineData(Haproxy)]
    public async Task A_caller_that_is_refused_behind_its_proxy_is_told_so(string configuration)
    {
        await using var service = await StartServiceAsync(configuration);
        using var proxy = await StartProxyAsync(configuration, service);
        using var stranger = Connect(proxy, _pki.Caller(0, "spiffe://example.test/reports"), "1.1");

        Assert.Equal("403 mtls.peer_not_listed", await stranger.AskAsync());
        Assert.Equal("403 mtls.peer_not_listed", await stranger.PostAsync(60_000));
        var call = await Assert.ThrowsAsync<RpcException>(() => stranger.CallAsync());
        Assert.Equal((StatusCode.PermissionDenied, "mtls.peer_not_listed"), (call.StatusCode, call.Status.Detail));
    }

    [Fact]
    public async Task Nginx_without_a_location_for_it_fails_too()
    {
        RunningProxy.Require("nginx");
        await using var service = await ProxiedService.StartAsync(_pki, listener =>
        {
            Listener(Nginx)(listener);
            listener.ForwardingProxies = ["spiffe://example.test/another"];
        });
        using var proxy = await RunningProxy.StartAsync(Nginx, _pki, service.EndPoint, static text => text.Replace(
            "@zerotrust_refused", "@elsewhere", StringComparison.Ordinal));
        using var client = Connect(proxy, _pki.Caller(0), "1.1");

        Assert.StartsWith("500", await client.AskAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_caller_with_an_intermediate_is_refused_behind_nginx()
    {
        await using var service = await StartServiceAsync(Nginx);
        using var proxy = await StartProxyAsync(Nginx, service);
        using var client = Connect(proxy, _pki.Caller(1), "1.1");

        Assert.Equal("401 x509.untrusted_anchor", await client.AskAsync());
    }

    [Fact]
    public async Task A_caller_behind_nginx_is_accepted_where_its_intermediate_is_an_anchor()
    {
        RunningProxy.Require("nginx");
        var bundle = new TrustBundle(TrustDomain.Parse(ProxiedPki.Domain), [_pki.Root.Certificate, _pki.First.Certificate]);
        await using var service = await ProxiedService.StartAsync(_pki, Listener(Nginx), bundle);
        using var proxy = await StartProxyAsync(Nginx, service);
        using var client = Connect(proxy, _pki.Caller(1), "1.1");

        Assert.Equal(Through + "HTTP/1.1", await client.AskAsync());
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task Nginx_writes_Envoys_header_too(string version)
    {
        RunningProxy.Require("nginx");
        await using var service = await ProxiedService.StartAsync(_pki, listener =>
        {
            Listener(Nginx)(listener);
            listener.ForwardedCertificate = ForwardedCertificateFormat.Xfcc;
        });
        using var proxy = await RunningProxy.StartAsync(Nginx, _pki, service.EndPoint, static text => text.Replace(
            "Client-Cert $client_cert;", "X-Forwarded-Client-Cert 'Cert=\"$ssl_client_escaped_cert\"';", StringComparison.Ordinal));
        using var client = Connect(proxy, _pki.Caller(0), version);

        Assert.Equal(Through + "HTTP/1.1", await client.AskAsync(("X-Forwarded-Client-Cert", "Cert=\"AAAA\"")));
        Assert.Equal(Through + "HTTP/2", await client.CallAsync(("client-cert", ":AAAA:")));
    }

    [Theory]
    [InlineData(Nginx, 0)]
    [InlineData(Haproxy, 2)]
    public async Task A_caller_that_would_resume_its_session_is_served_on_each_connection(string configuration, int intermediates)
    {
        await using var service = await StartServiceAsync(configuration);
        using var proxy = await StartProxyAsync(configuration, service);
        using var client = new ProxyClient(
            proxy.EndPoint, _pki.Caller(intermediates), HttpVersion.Version11, IPAddress.Parse(Caller), resumes: true);
        for (var i = 0; i < 6; i++)
        {
            Assert.Equal(Through + "HTTP/1.1", await client.AskAsync());
        }
    }

    [Fact]
    public async Task A_chain_that_haproxy_lost_by_a_resumed_session_is_told()
    {
        await using var service = await StartServiceAsync(Haproxy);
        using var proxy = await RunningProxy.StartAsync(Haproxy, _pki, service.EndPoint, static text => text
            .Replace("tune.ssl.cachesize 0", "tune.ssl.cachesize 1000", StringComparison.Ordinal)
            .Replace(" no-tls-tickets", string.Empty, StringComparison.Ordinal)
            .Replace(" if { ssl_c_chain_der -m found }", string.Empty, StringComparison.Ordinal));
        using var client = new ProxyClient(proxy.EndPoint, _pki.Caller(1), HttpVersion.Version11, IPAddress.Parse(Caller), resumes: true);

        Assert.Equal(Through + "HTTP/1.1", await client.AskAsync());
        Assert.Equal("401 aspnetcore.forwarded_chain_empty", await client.AskAsync());
    }

    [Theory]
    [InlineData(Nginx)]
    [InlineData(Haproxy)]
    public async Task A_service_of_another_name_gets_no_call(string configuration)
    {
        await using var service = await StartServiceAsync(configuration);
        using var proxy = await RunningProxy.StartAsync(
            configuration,
            _pki,
            service.EndPoint,
            static text => text.Replace("orders.shop.svc", "orders.other.svc", StringComparison.Ordinal));
        using var client = Connect(proxy, _pki.Caller(0), "1.1");

        Assert.StartsWith("50", await client.AskAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nginx_by_its_defaults_speaks_no_TLS_of_a_mesh_listener_and_it_is_told()
    {
        await using var service = await StartServiceAsync(Nginx);
        using var proxy = await RunningProxy.StartAsync(
            Nginx,
            _pki,
            service.EndPoint,
            static text => text.Replace("proxy_ssl_protocols TLSv1.3;", string.Empty, StringComparison.Ordinal));
        using var client = Connect(proxy, _pki.Caller(0), "1.1");

        Assert.StartsWith("502", await client.AskAsync(), StringComparison.Ordinal);
        await service.RefusedAsync("mtls.handshake_invalid");
    }

    private static ProxyClient Connect(RunningProxy proxy, TestCertificate certificate, string version) =>
        new(proxy.EndPoint, certificate, Version.Parse(version), IPAddress.Parse(Caller));

    private static Action<ListenerOptions> Listener(string configuration) => listener =>
    {
        listener.ForwardingProxies = [ProxiedPki.Ingress];
        listener.ForwardedHeaders = ["For"];
        listener.ForwardedCertificate = configuration == Haproxy
            ? ForwardedCertificateFormat.Rfc9440JoinedChain
            : ForwardedCertificateFormat.Rfc9440;
    };

    private Task<ProxiedService> StartServiceAsync(string configuration)
    {
        RunningProxy.Require(configuration.Split('/')[0]);
        return ProxiedService.StartAsync(_pki, Listener(configuration));
    }

    private Task<RunningProxy> StartProxyAsync(string configuration, ProxiedService service) =>
        RunningProxy.StartAsync(configuration, _pki, service.EndPoint);
}

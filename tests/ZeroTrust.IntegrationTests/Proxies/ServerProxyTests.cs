using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using ZeroTrust.Mtls;

namespace ZeroTrust.IntegrationTests.Proxies;

/// <summary>nginx and haproxy as servers that this side's client calls by mutual TLS.</summary>
public sealed class ServerProxyTests : IDisposable
{
    private const string Nginx = """
        worker_processes auto;
        pid /run/proxy/nginx.pid;
        events { worker_connections 1024; }
        http {
            access_log off;
            client_body_temp_path /run/proxy/body;
            server {
                listen 8443 ssl http2;
                ssl_certificate /run/tls/orders.crt;
                ssl_certificate_key /run/tls/orders.key;
                ssl_protocols TLSv1.3;
                ssl_client_certificate /run/trust/anchors.pem;
                ssl_verify_client on;
                ssl_verify_depth 4;
                keepalive_requests 20;
                return 200 "$ssl_client_verify by $server_protocol";
            }
        }
        """;

    private const string Haproxy = """
        defaults
            mode http
            timeout connect 5s
            timeout client 60s
            timeout server 60s
        frontend mesh
            bind :8443 ssl crt /run/tls/orders.pem ca-file /run/trust/anchors.pem verify required ssl-min-ver TLSv1.3 alpn h2,http/1.1
            http-request return status 200 content-type text/plain lf-string "%[ssl_c_verify] by %[req.ver]"
        """;

    private readonly ProxiedPki _pki = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => _pki.Dispose();

    [Theory]
    [InlineData("nginx", "1.1", "SUCCESS by HTTP/1.1")]
    [InlineData("nginx", "2.0", "SUCCESS by HTTP/2.0")]
    [InlineData("haproxy", "1.1", "0 by 1.1")]
    [InlineData("haproxy", "2.0", "0 by 2.0")]
    public async Task A_server_takes_the_workloads_certificate_with_its_intermediates(string program, string version, string answer)
    {
        await using var calls = await StartAsync(program, ProxiedPki.Orders, version);

        Assert.Equal(answer, await calls.AskAsync());
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task Connections_that_nginx_ends_after_some_calls_lose_none_of_those_in_turn(string version)
    {
        await using var calls = await StartAsync("nginx", ProxiedPki.Orders, version);
        for (var i = 0; i < 100; i++)
        {
            Assert.StartsWith("SUCCESS", await calls.AskAsync(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task A_reload_of_nginx_loses_no_call(string version)
    {
        await using var calls = await StartAsync("nginx", ProxiedPki.Orders, version);
        for (var i = 0; i < 60; i++)
        {
            if (i % 20 == 10)
            {
                calls.Server.Signal("-HUP");
            }

            Assert.StartsWith("SUCCESS", await calls.AskAsync(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("nginx")]
    [InlineData("haproxy")]
    public async Task A_server_of_another_workload_gets_no_call_and_is_named(string program)
    {
        await using var calls = await StartAsync(program, "spiffe://example.test/billing", "1.1");

        var exception = await Assert.ThrowsAnyAsync<Exception>(() => calls.AskAsync());

        Assert.Equal("mtls.server_identity_mismatch", RejectionException.FindIn(exception)?.Code);
    }

    private async Task<Calls> StartAsync(string program, string workload, string version)
    {
        RunningProxy.Require(program);
        var server = await RunningProxy.StartTextAsync(program, program == "nginx" ? Nginx : Haproxy, _pki);
        return new Calls(server, NewServices(workload), Version.Parse(version));
    }

    private ServiceProvider NewServices(string server)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().Build());
        services.AddSingleton<IPeerCredentialSource>(new MemoryPeerCredentialSource(_pki.Caller(2).ToCredential()));
        services.AddSingleton<ITrustBundleSource>(new MemoryTrustBundleSource(new TrustBundleSet(_pki.Root.ToBundle(ProxiedPki.Domain))));
        services.AddZeroTrust().AddMtls(options =>
        {
            options.TrustDomain = ProxiedPki.Domain;
            options.Servers["orders"] = server;
        });
        services.AddHttpClient("orders").AddMtls("orders");
        return services.BuildServiceProvider();
    }

    /// <summary>A proxy and a client of it that expects a workload there.</summary>
    private sealed class Calls : IAsyncDisposable
    {
        private readonly ServiceProvider _services;
        private readonly HttpClient _client;

        public Calls(RunningProxy server, ServiceProvider services, Version version)
        {
            (Server, _services) = (server, services);
            _client = services.GetRequiredService<IHttpClientFactory>().CreateClient("orders");
            _client.BaseAddress = new Uri($"https://localhost:{server.EndPoint.Port}");
            _client.DefaultRequestVersion = version;
            _client.DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        }

        public RunningProxy Server { get; }

        public Task<string> AskAsync() => _client.GetStringAsync(new Uri("/", UriKind.Relative), Cancelled);

        public async ValueTask DisposeAsync()
        {
            _client.Dispose();
            await _services.DisposeAsync();
            Server.Dispose();
        }
    }
}

using System.Diagnostics.Metrics;
using System.Net;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Options;
using ZeroTrust.Mtls.Diagnostics;
using ZeroTrust.Mtls.Tests.Support;
using ZeroTrust.Testing;

namespace ZeroTrust.Mtls.Tests;

/// <summary>Clients of the HTTP client factory against a real Kestrel.</summary>
public sealed class MtlsHttpClientTests : IDisposable
{
    private readonly World _world = new(TimeProvider.System);
    private readonly TestCertificate _orders;
    private readonly TestCertificate _billing;
    private readonly MemoryPeerCredentialSource _credentials;

    public MtlsHttpClientTests()
    {
        _orders = _world.Intermediate.Issue(World.Orders);
        _billing = _world.Intermediate.Issue(World.Billing);
        _credentials = new MemoryPeerCredentialSource(_orders.ToCredential());
    }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _billing.Dispose();
        _orders.Dispose();
        _world.Dispose();
    }

    [Theory]
    [InlineData("1.1", HttpVersionPolicy.RequestVersionExact, "1.1")]
    [InlineData("1.1", HttpVersionPolicy.RequestVersionOrLower, "1.1")]
    [InlineData("1.1", HttpVersionPolicy.RequestVersionOrHigher, "2.0")]
    [InlineData("2.0", HttpVersionPolicy.RequestVersionExact, "2.0")]
    [InlineData("2.0", HttpVersionPolicy.RequestVersionOrLower, "2.0")]
    [InlineData("2.0", HttpVersionPolicy.RequestVersionOrHigher, "2.0")]
    public async Task A_bound_client_reaches_its_server_in_the_version_it_asked_for(string asked, HttpVersionPolicy policy, string got)
    {
        await using var server = await MeshServer.StartAsync(_world.Tls(_billing), Listed(World.Orders));
        await using var services = NewServices();
        using var request = new HttpRequestMessage(HttpMethod.Get, server.Address) { Version = Version.Parse(asked), VersionPolicy = policy };

        using var response = await Client(services).SendAsync(request, Cancelled);

        Assert.Equal(Version.Parse(got), response.Version);
        Assert.Equal(Sha256(_orders), await response.Content.ReadAsStringAsync(Cancelled));
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task Another_server_is_refused_and_gets_no_request(string version)
    {
        var logs = new FakeLogCollector();
        using var other = _world.Intermediate.Issue("spiffe://example.test/other");
        await using var server = await MeshServer.StartAsync(_world.Tls(other), Listed(World.Orders));
        await using var services = NewServices(logs);
        using var request = new HttpRequestMessage(HttpMethod.Get, server.Address)
        {
            Version = Version.Parse(version),
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };

        // No HttpRequestException: what retries those would call the impostor again.
        var failure = await Assert.ThrowsAsync<RejectionException>(() => Client(services).SendAsync(request, Cancelled));

        Assert.Equal("mtls.server_identity_mismatch", failure.Rejection.Code);
        Assert.True(failure.Rejection.IsOutbound);
        Assert.Equal(RejectionKind.BadGateway, failure.Rejection.Kind);
        Assert.DoesNotContain(World.Billing, failure.Message, StringComparison.Ordinal);
        Assert.Empty(server.Requests);
        var entry = Assert.Single(logs.GetSnapshot(), record => record.Id.Name == "ServerRefused");
        Assert.Equal(LogLevel.Warning, entry.Level);
        Assert.Equal("mtls.server_identity_mismatch", entry.GetStructuredStateValue("error.type"));
    }

    [Fact]
    public async Task The_host_header_does_not_choose_the_identity()
    {
        using var other = _world.Intermediate.Issue(options =>
        {
            options.SpiffeId = "spiffe://example.test/other";
            options.DnsNames.Add("localhost");
            options.DnsNames.Add("billing");
        });
        await using var server = await MeshServer.StartAsync(_world.Tls(other), Listed(World.Orders));
        await using var services = NewServices();
        using var request = new HttpRequestMessage(HttpMethod.Get, server.Address);
        request.Headers.Host = "billing";

        var failure = await Assert.ThrowsAsync<RejectionException>(() => Client(services).SendAsync(request, Cancelled));

        Assert.Equal("mtls.server_identity_mismatch", failure.Rejection.Code);
    }

    [Fact]
    public async Task A_client_that_is_not_listed_fails_and_the_server_says_why()
    {
        await using var server = await MeshServer.StartAsync(_world.Tls(_billing), Listed(World.Billing));
        await using var services = NewServices();

        await Assert.ThrowsAsync<HttpRequestException>(() => Client(services).GetAsync(server.Address, Cancelled));

        Assert.Contains(server.Refusals, rejection => rejection.Code == "mtls.peer_not_listed");
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task A_new_connection_uses_the_rotated_credential()
    {
        await using var server = await MeshServer.StartAsync(_world.Tls(_billing), Listed(World.Orders));
        await using var services = NewServices();
        Assert.Equal(Sha256(_orders), await FetchOnceAsync(services, server));

        using var next = _world.Intermediate.Issue(World.Orders);
        _credentials.Replace(next.ToCredential());

        Assert.Equal(Sha256(next), await FetchOnceAsync(services, server));
    }

    [Fact]
    public async Task Only_https_is_sent()
    {
        await using var services = NewServices();

        await Assert.ThrowsAsync<InvalidOperationException>(() => Client(services).GetAsync(new Uri("http://localhost:1"), Cancelled));
    }

    [Fact]
    public async Task A_redirect_is_not_followed()
    {
        await using var server = await MeshServer.StartAsync(_world.Tls(_billing), Listed(World.Orders));
        await using var services = NewServices();

        using var response = await Client(services).GetAsync(new Uri(server.Address, "/elsewhere"), Cancelled);

        Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task A_verification_is_counted_with_its_outcome()
    {
        await using var server = await MeshServer.StartAsync(_world.Tls(_billing), Listed(World.Orders));
        await using var services = NewServices();
        using var counted = new MetricCollector<long>(
            services.GetRequiredService<IMeterFactory>(), MtlsTelemetry.MeterName, "zerotrust.mtls.peer.verifications");

        (await Client(services).GetAsync(server.Address, Cancelled)).Dispose();

        var measurement = Assert.Single(counted.GetMeasurementSnapshot());
        Assert.Equal("accepted", measurement.Tags["zerotrust.result"]);
        Assert.False(measurement.Tags.ContainsKey("error.type"));
    }

    [Fact]
    public async Task A_replaced_primary_handler_is_refused()
    {
        await using var services = NewServices(configure: client => client.ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler()));

        Assert.Throws<InvalidOperationException>(() => Client(services));
    }

    [Fact]
    public async Task The_binding_of_a_client_is_known_and_that_of_another_is_not()
    {
        await using var services = NewServices();
        var clients = services.GetRequiredService<MtlsClients>();

        Assert.Equal(WorkloadId.Parse(World.Billing), clients.GetServer("client"));
        Assert.False(clients.TryGetServer("other", out _));
        Assert.Throws<InvalidOperationException>(() => clients.GetServer("other"));
    }

    [Fact]
    public async Task A_client_bound_to_an_unknown_server_or_to_two_is_an_error_of_the_configuration()
    {
        await using var services = NewServices(configure: client => client.AddMtls("nowhere"));

        var failure = Assert.Throws<OptionsValidationException>(() => services.GetRequiredService<IOptions<MtlsOptions>>().Value);

        Assert.Contains(failure.Failures, text => text.StartsWith("ZeroTrust:Mtls:Servers:nowhere:", StringComparison.Ordinal));
        Assert.Contains(failure.Failures, text => text.StartsWith("ZeroTrust:Mtls:Servers:", StringComparison.Ordinal) && text.Contains("bind it to one", StringComparison.Ordinal));
    }

    private static PeerAllowList Listed(string workload) => new(WorkloadId.Parse(workload));

    private static string Sha256(TestCertificate certificate) => certificate.ToPeerCertificates().LeafSha256;

    private static HttpClient Client(IServiceProvider services) => services.GetRequiredService<IHttpClientFactory>().CreateClient("client");

    private static async Task<string> FetchOnceAsync(IServiceProvider services, MeshServer server)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, server.Address);
        request.Headers.ConnectionClose = true;
        using var response = await Client(services).SendAsync(request, Cancelled);
        return await response.Content.ReadAsStringAsync(Cancelled);
    }

    private ServiceProvider NewServices(FakeLogCollector? logs = null, Action<IHttpClientBuilder>? configure = null)
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().Build());
        services.AddLogging(logging => logging.AddProvider(new FakeLoggerProvider(logs ?? new FakeLogCollector())));
        services.AddSingleton<IPeerCredentialSource>(_credentials);
        services.AddSingleton<ITrustBundleSource>(_world.Bundles);
        services.AddZeroTrust().AddMtls(options =>
        {
            options.TrustDomain = World.Domain;
            options.Servers["billing"] = World.Billing;
        });
        var client = services.AddHttpClient("client").AddMtls("billing");
        configure?.Invoke(client);
        return services.BuildServiceProvider();
    }
}

using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ZeroTrust.Authz.Tests;

public sealed class AuthzHttpClientBuilderExtensionsTests : IDisposable
{
    private readonly TestMesh _mesh = new();
    private readonly Recorder _sent = new();

    public void Dispose() => _mesh.Dispose();

    [Fact]
    public async Task The_current_context_is_sent_linked_to_the_server_of_the_client()
    {
        using var gateway = Run(services => AddClient(services));
        using var orders = _mesh.Run(_mesh.Orders);
        using (gateway.Accessor.Enter(Mint(gateway)))
        {
            await SendAsync(gateway);
        }

        var received = AuthzAssert.Accepted(orders.Verifier.Verify(_sent.Headers(), orders.Peer(_mesh.Gateway)));
        Assert.Equal("orders:read orders:write", received.Permissions.ToString());
        Assert.Equal(TestMesh.OrdersId, received.CallChain[^1].ToString());
    }

    [Fact]
    public async Task The_context_is_narrowed_to_what_the_client_names()
    {
        using var gateway = Run(services => AddClient(services, "orders:read", "invoice:write"));
        using var orders = _mesh.Run(_mesh.Orders);
        using (gateway.Accessor.Enter(Mint(gateway)))
        {
            await SendAsync(gateway);
        }

        Assert.Equal("orders:read", AuthzAssert.Accepted(orders.Verifier.Verify(_sent.Headers(), orders.Peer(_mesh.Gateway))).Permissions.ToString());
    }

    [Fact]
    public async Task A_message_sent_again_carries_one_value()
    {
        using var gateway = Run(services => AddClient(services));
        using var scope = gateway.Accessor.Enter(Mint(gateway));
        using var invoker = new HttpMessageInvoker(gateway.Provider.GetRequiredService<IHttpMessageHandlerFactory>().CreateHandler("client"), disposeHandler: false);
        using var message = new HttpRequestMessage(HttpMethod.Get, "https://orders.test/");
        message.Headers.Add(TxnHeaderNames.Token, "left over");

        (await invoker.SendAsync(message, TestContext.Current.CancellationToken)).Dispose();
        (await invoker.SendAsync(message, TestContext.Current.CancellationToken)).Dispose();

        Assert.Single(message.Headers.GetValues(TxnHeaderNames.Token));
        Assert.Equal(2, _sent.Count);
    }

    [Fact]
    public async Task Without_a_context_nothing_is_sent()
    {
        using var gateway = Run(services => AddClient(services));

        var exception = await Assert.ThrowsAsync<RejectionException>(() => SendAsync(gateway));

        Assert.Equal("authz.context_missing", exception.Rejection.Code);
        Assert.True(exception.Rejection.IsOutbound);
        Assert.Equal(0, _sent.Count);
    }

    [Fact]
    public async Task A_context_that_ended_is_not_sent()
    {
        using var gateway = Run(services => AddClient(services));
        using var scope = gateway.Accessor.Enter(Mint(gateway));
        _mesh.Time.Advance(TimeSpan.FromSeconds(120));

        var exception = await Assert.ThrowsAsync<RejectionException>(() => SendAsync(gateway));

        Assert.Equal("authz.expired", exception.Rejection.Code);
        Assert.False(exception.Rejection.IsOutbound);
        Assert.Equal(0, _sent.Count);
    }

    [Fact]
    public async Task Plain_http_carries_no_context()
    {
        using var gateway = Run(services => AddClient(services));
        using var scope = gateway.Accessor.Enter(Mint(gateway));

        await Assert.ThrowsAsync<InvalidOperationException>(() => SendAsync(gateway, "http://orders.test/"));

        Assert.Equal(0, _sent.Count);
    }

    [Fact]
    public void A_client_bound_to_no_server_stops_the_start()
    {
        using var unbound = Run(services => services.AddHttpClient("client").AddAuthz());
        using var bound = Run(services => AddClient(services));

        var exception = Assert.Throws<OptionsValidationException>(() => unbound.Provider.GetRequiredService<IOptions<AuthzOptions>>().Value);
        Assert.Contains("'client'", Assert.Single(exception.Failures), StringComparison.Ordinal);
        Assert.NotNull(bound.Provider.GetRequiredService<IOptions<AuthzOptions>>().Value);
    }

    [Fact]
    public void A_name_that_is_no_permission_is_refused_at_once() =>
        Assert.Throws<ArgumentException>(() => new ServiceCollection().AddHttpClient("client").AddAuthz("orders:*"));

    [Fact]
    public void The_defaults_of_all_clients_are_not_one_client()
    {
        var services = new ServiceCollection();

        var failure = Assert.Throws<ArgumentException>(() => services.ConfigureHttpClientDefaults(client => client.AddAuthz()));

        Assert.StartsWith("AddAuthz is not for the defaults of all clients: name the client.", failure.Message, StringComparison.Ordinal);
        services.AddHttpClient("client").AddAuthz();
        services.AddHttpClient(string.Empty).AddAuthz();
    }

    private TestService Run(Action<IServiceCollection> more) => new(_mesh, _mesh.Gateway, TestMesh.GrantGateway, more);

    private void AddClient(IServiceCollection services, params string[] narrowTo) =>
        services.AddHttpClient("client").AddMtls("orders").AddAuthz(narrowTo).AddHttpMessageHandler(() => new Recording(_sent));

    private static AuthzContext Mint(TestService service) =>
        service.Minter.Mint(TestMesh.Tenant, TestMesh.Subject, PermissionSet.Parse("orders:read orders:write")).GetOrThrow();

    private static async Task SendAsync(TestService service, string url = "https://orders.test/")
    {
        using var client = service.Provider.GetRequiredService<IHttpClientFactory>().CreateClient("client");
        using var response = await client.GetAsync(new Uri(url), TestContext.Current.CancellationToken);
    }

    /// <summary>Stands where the network would begin.</summary>
    private sealed class Recording(Recorder recorder) : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            recorder.Record(request);
            return Task.FromResult(new HttpResponseMessage());
        }
    }

    private sealed class Recorder
    {
        private HttpRequestMessage? _last;

        internal int Count { get; private set; }

        internal void Record(HttpRequestMessage request) => (_last, Count) = (request, Count + 1);

        internal TxnHeaders Headers() => TxnHeaders.FromValues(Values(TxnHeaderNames.Token), Values(TxnHeaderNames.Chain), Values(TxnHeaderNames.Certs)).GetOrThrow();

        private string[] Values(string name) => _last is not null && _last.Headers.TryGetValues(name, out var values) ? [.. values] : [];
    }
}

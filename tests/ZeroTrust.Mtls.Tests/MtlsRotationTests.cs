using Microsoft.Extensions.Primitives;
using ZeroTrust.Mtls.Tests.Support;
using ZeroTrust.Testing;
using ZeroTrust.X509;

namespace ZeroTrust.Mtls.Tests;

/// <summary>What a change of the own credential or of the trust does to connections that are open.</summary>
public sealed class MtlsRotationTests : IDisposable
{
    private readonly World _world = new();
    private readonly TestCertificate _orders;
    private readonly TestCertificate _ordersNext;
    private readonly TestCertificate _billing;
    private readonly MemoryPeerCredentialSource _credentials;
    private readonly Gate _gate = new();

    public MtlsRotationTests()
    {
        _orders = _world.Intermediate.Issue(World.Orders);
        _ordersNext = _world.Intermediate.Issue(World.Orders);
        _billing = _world.Intermediate.Issue(World.Billing);
        _credentials = new MemoryPeerCredentialSource(_orders.ToCredential());
    }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _billing.Dispose();
        _ordersNext.Dispose();
        _orders.Dispose();
        _world.Dispose();
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task A_request_waiting_for_its_answer_survives_the_rotation_and_the_next_shows_the_new_certificate(string version)
    {
        await using var server = await StartAsync();
        using var client = new BoundClient(_world, _credentials);
        server.Answer = _gate.HoldAsync;
        var waiting = client.PostAsync(server.Address, version);
        await Eventually.TrueAsync(() => _gate.Waiting == 1, "The request did not arrive.");

        _credentials.Replace(_ordersNext.ToCredential());
        server.Answer = null;

        Assert.Equal(Sha256(_ordersNext), await client.GetAsync(server.Address, version));
        Assert.False(waiting.IsCompleted);
        _gate.Open();
        Assert.Equal(Sha256(_orders), await waiting);
        await Eventually.TrueAsync(() => server.Closed == 1, "The old connection was not closed.");
        Assert.Equal(2, server.Connections);
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task A_response_that_is_being_read_survives_the_rotation(string version)
    {
        await using var server = await StartAsync();
        using var client = new BoundClient(_world, _credentials);
        server.Answer = _gate.StreamAsync;
        using var response = await client.OpenAsync(server.Address, version);

        _credentials.Replace(_ordersNext.ToCredential());
        server.Answer = null;

        Assert.Equal(Sha256(_ordersNext), await client.GetAsync(server.Address, version));
        Assert.Equal(0, server.Closed);
        _gate.Open();
        Assert.Equal(Gate.FirstHalf + Gate.SecondHalf, await response.Content.ReadAsStringAsync(Cancelled));
        await Eventually.TrueAsync(() => server.Closed == 1, "The old connection was not closed.");
        Assert.Single(client.Told("ServerConnectionsReplaced"));
    }

    [Fact]
    public async Task An_idle_connection_is_closed_by_the_rotation_without_another_request()
    {
        await using var server = await StartAsync();
        using var client = new BoundClient(_world, _credentials);
        await client.GetAsync(server.Address);

        _credentials.Replace(_ordersNext.ToCredential());

        await Eventually.TrueAsync(() => server.Closed == 1, "The old connection was not closed.");
    }

    [Fact]
    public async Task An_update_that_refuses_nobody_keeps_the_connection()
    {
        await using var server = await StartAsync();
        using var client = new BoundClient(_world, _credentials);
        await client.GetAsync(server.Address);

        Deny("spiffe://example.test/other");

        Assert.Equal(Sha256(_orders), await client.GetAsync(server.Address));
        Assert.Equal(1, server.Connections);
        Assert.Empty(client.Told("ServerConnectionsReplaced"));
    }

    [Fact]
    public async Task Other_anchors_begin_new_connections_also_where_they_trust_the_same_server()
    {
        await using var server = await StartAsync();
        using var client = new BoundClient(_world, _credentials);
        server.Answer = _gate.StreamAsync;
        using var response = await client.OpenAsync(server.Address);

        _world.Bundles.Replace(new TrustBundleSet(_world.Root.ToBundle(World.Domain)));
        server.Answer = null;

        await client.GetAsync(server.Address);
        Assert.Equal(2, server.Connections);
        _gate.Open();
        Assert.EndsWith(Gate.SecondHalf, await response.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task A_server_that_is_denied_is_cut_off_while_its_answer_is_read(string version)
    {
        await using var server = await StartAsync();
        using var client = new BoundClient(_world, _credentials);
        server.Answer = _gate.StreamAsync;
        using var response = await client.OpenAsync(server.Address, version);

        Deny(World.Billing);

        await AssertCutAsync(response);
        await ToldOfCutAsync(client);
        var told = Assert.Single(client.Told("ServerConnectionAborted"));
        Assert.Equal("mtls.workload_denied", told.GetStructuredStateValue("error.type"));
        Assert.Equal(World.Billing, told.GetStructuredStateValue("zerotrust.workload"));
        Assert.Equal(Sha256(_billing), told.GetStructuredStateValue("zerotrust.leaf_sha256"));
        await AssertRefusedAsync(client, server, "mtls.workload_denied");
    }

    [Fact]
    public async Task The_refusal_of_a_server_begins_new_connections_for_everybody()
    {
        await using var server = await StartAsync();
        using var client = new BoundClient(_world, _credentials);
        server.Answer = _gate.StreamAsync;
        using var response = await client.OpenAsync(server.Address);

        Deny(World.Billing);

        await AssertCutAsync(response);
        await Eventually.TrueAsync(() => client.Told("ServerConnectionsReplaced").Count() == 1, "The connections were not replaced.");
    }

    [Fact]
    public async Task A_connection_that_a_rotation_left_to_end_is_still_cut_when_its_server_is_denied()
    {
        await using var server = await StartAsync();
        using var client = new BoundClient(_world, _credentials);
        server.Answer = _gate.StreamAsync;
        using var response = await client.OpenAsync(server.Address);
        _credentials.Replace(_ordersNext.ToCredential());
        await Eventually.TrueAsync(() => client.Told("ServerConnectionsReplaced").Any(), "Nothing was rotated.");

        Deny(World.Billing);

        await AssertCutAsync(response);
    }

    [Fact]
    public async Task A_response_that_outlives_its_handler_is_still_cut_when_its_server_is_denied()
    {
        await using var server = await StartAsync();
        using var client = new BoundClient(_world, _credentials);
        server.Answer = _gate.StreamAsync;
        using var response = await client.OpenAsync(server.Address);
        client.Http.Dispose();

        Deny(World.Billing);

        await AssertCutAsync(response);
    }

    [Fact]
    public async Task A_server_that_anchors_no_longer_speak_for_is_cut_off()
    {
        await using var server = await StartAsync();
        using var client = new BoundClient(_world, _credentials);
        server.Answer = _gate.StreamAsync;
        using var response = await client.OpenAsync(server.Address);

        using var stranger = TestCertificateAuthority.Create("stranger", _world.Time);
        _world.Bundles.Replace(new TrustBundleSet(stranger.ToBundle(World.Domain)));

        await AssertCutAsync(response);
        await AssertRefusedAsync(client, server, "x509.untrusted_anchor");
    }

    [Fact]
    public async Task A_server_is_cut_off_when_its_certificate_ends_and_not_before()
    {
        using var ending = _world.Intermediate.Issue(options =>
        {
            options.SpiffeId = World.Billing;
            options.NotAfter = World.Start.AddMinutes(10);
        });
        await using var server = await MeshServer.StartAsync(_world.Tls(ending), Listed);
        using var client = new BoundClient(_world, _credentials);
        server.Answer = _gate.StreamAsync;
        using var response = await client.OpenAsync(server.Address);
        server.Answer = null;

        // The last second belongs to the certificate.
        _world.Clock.SetUtcNow(World.Start.AddMinutes(10).Add(new MtlsOptions().ClockSkew).AddSeconds(1).AddMilliseconds(-1));
        Assert.Equal(Sha256(_orders), await client.GetAsync(server.Address));
        Assert.Empty(client.Told("ServerConnectionAborted"));
        _world.Clock.Advance(TimeSpan.FromMilliseconds(2));

        await ToldOfCutAsync(client);
        var told = Assert.Single(client.Told("ServerConnectionAborted"));
        Assert.Equal("x509.expired", told.GetStructuredStateValue("error.type"));
        await AssertCutAsync(response);
        await AssertRefusedAsync(client, server, "x509.expired");
    }

    [Fact]
    public async Task The_end_of_a_certificate_is_seen_however_far_it_was()
    {
        _world.Bundles.Replace(new TrustBundleSet(_world.Root.ToBundle(World.Domain, TimeSpan.FromDays(7))));
        using var ending = _world.Intermediate.Issue(options =>
        {
            options.SpiffeId = World.Billing;
            options.NotAfter = World.Start.AddDays(3);
        });
        var own = new MemoryTrustBundleSource(new TrustBundleSet(_world.Root.ToBundle(World.Domain)));
        await using var server = await MeshServer.StartAsync(
            new PeerTls(World.NewVerifier(own, _world.Time), new MemoryPeerCredentialSource(ending.ToCredential())), Listed);
        using var client = new BoundClient(_world, _credentials);
        server.Answer = _gate.StreamAsync;
        using var response = await client.OpenAsync(server.Address);

        for (var day = 1; day <= 3; day++)
        {
            Assert.Empty(client.Told("ServerConnectionAborted"));
            _world.Clock.Advance(TimeSpan.FromDays(1).Add(TimeSpan.FromSeconds(3)));
        }

        await ToldOfCutAsync(client);
        Assert.Single(client.Told("ServerConnectionAborted"));
        await AssertCutAsync(response);
    }

    [Fact]
    public async Task A_proof_that_ends_with_a_crl_is_renewed_by_the_next_crl_on_the_same_connection()
    {
        Publish(World.Start.AddMinutes(5));
        await using var server = await StartAsync();
        using var client = new BoundClient(_world, _credentials);
        await client.GetAsync(server.Address);

        _world.Clock.Advance(TimeSpan.FromMinutes(4));
        _world.Bundles.Replace(new TrustBundleSet(_world.Bundles.GetBundles().Single().With(Crls(World.Start.AddMinutes(10)))));
        _world.Clock.Advance(TimeSpan.FromMinutes(4));

        await client.GetAsync(server.Address);
        Assert.Equal(1, server.Connections);
        _world.Clock.Advance(TimeSpan.FromMinutes(4));
        await AssertRefusedAsync(client, server, "x509.revocation_status_unavailable");
    }

    [Fact]
    public async Task A_revoked_server_is_cut_off()
    {
        Publish(World.Start.AddHours(1));
        await using var server = await StartAsync();
        using var client = new BoundClient(_world, _credentials);
        server.Answer = _gate.StreamAsync;
        using var response = await client.OpenAsync(server.Address);

        var bundle = _world.Bundles.GetBundles().Single();
        _world.Bundles.Replace(new TrustBundleSet(bundle.With(Crls(World.Start.AddHours(1), _billing))));

        await AssertCutAsync(response);
        await AssertRefusedAsync(client, server, "x509.revoked");
    }

    [Fact]
    public async Task A_disposed_client_leaves_nothing_behind_at_the_sources()
    {
        var watched = new CountedCredentials(_orders.ToCredential());
        await using var server = await StartAsync();
        using var client = new BoundClient(_world, watched);
        server.Answer = _gate.StreamAsync;
        var response = await client.OpenAsync(server.Address);
        Assert.Equal(1, watched.Watchers);

        client.Http.Dispose();
        Assert.Equal(1, watched.Watchers);
        response.Dispose();

        await Eventually.TrueAsync(() => watched.Watchers == 0, "The source is still watched.");
        await Assert.ThrowsAsync<ObjectDisposedException>(() => client.GetAsync(server.Address));
    }

    private static PeerAllowList Listed => new(WorkloadId.Parse(World.Orders));

    private static string Sha256(TestCertificate certificate) => certificate.ToPeerCertificates().LeafSha256;

    // It is cut before it is told.
    private static Task ToldOfCutAsync(BoundClient client) =>
        Eventually.TrueAsync(() => client.Told("ServerConnectionAborted").Any(), "The cut was not told.");

    private static async Task AssertCutAsync(HttpResponseMessage response)
    {
        var failure = await Assert.ThrowsAnyAsync<Exception>(() => response.Content.ReadAsStringAsync(Cancelled).WaitAsync(TimeSpan.FromSeconds(20), Cancelled));
        Assert.True(failure is HttpRequestException or IOException, failure.ToString());
    }

    private static async Task AssertRefusedAsync(BoundClient client, MeshServer server, string code)
    {
        server.Answer = null;
        var requests = server.Requests.Count;
        var failure = await Assert.ThrowsAsync<RejectionException>(() => client.GetAsync(server.Address));
        Assert.Equal(code, failure.Rejection.Code);
        Assert.Equal(requests, server.Requests.Count);
    }

    // The server has its own view of the trust, so that only the client's judgement counts.
    private Task<MeshServer> StartAsync()
    {
        var verifier = World.NewVerifier(new MemoryTrustBundleSource(new TrustBundleSet(_world.Root.ToBundle(World.Domain))), _world.Time);
        return MeshServer.StartAsync(new PeerTls(verifier, new MemoryPeerCredentialSource(_billing.ToCredential())), Listed);
    }

    private void Deny(string workload) =>
        _world.Bundles.Replace(new TrustBundleSet(_world.Bundles.GetBundles(), new DenyList(workloads: [WorkloadId.Parse(workload)])));

    private void Publish(DateTimeOffset nextUpdate) =>
        _world.Bundles.Replace(new TrustBundleSet(new TrustBundle(TrustDomain.Parse(World.Domain), [_world.Root.Certificate], crls: Crls(nextUpdate))));

    private CrlSet Crls(DateTimeOffset nextUpdate, params TestCertificate[] revoked) => new(
        [_world.Root.IssueCrl([], nextUpdate), _world.Intermediate.IssueCrl(revoked.Select(item => item.Certificate), nextUpdate)]);

    /// <summary>A credential source that knows how many have asked to be told of a change.</summary>
    private sealed class CountedCredentials(PeerCredential credential) : IPeerCredentialSource, IChangeToken
    {
        private int _watchers;

        public int Watchers => Volatile.Read(ref _watchers);

        public bool HasChanged => false;

        public bool ActiveChangeCallbacks => true;

        public PeerCredential GetCredential() => credential;

        public IChangeToken GetReloadToken() => this;

        public IDisposable RegisterChangeCallback(Action<object?> callback, object? state)
        {
            Interlocked.Increment(ref _watchers);
            return new Registration(this);
        }

        private sealed class Registration(CountedCredentials source) : IDisposable
        {
            public void Dispose() => Interlocked.Decrement(ref source._watchers);
        }
    }
}

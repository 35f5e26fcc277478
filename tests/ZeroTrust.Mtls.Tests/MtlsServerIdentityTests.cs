using System.Net.Security;
using ZeroTrust.Mtls.Tests.Support;
using ZeroTrust.Testing;
using ZeroTrust.X509;

namespace ZeroTrust.Mtls.Tests;

/// <summary>A client knows its server by what the handler was bound to, and by nothing a request says.</summary>
public sealed class MtlsServerIdentityTests : IDisposable
{
    private const string BillingName = "billing.example.test";
    private const string BoundByName = "dns:" + BillingName;

    private readonly World _world = new();
    private readonly TestCertificate _orders;

    public MtlsServerIdentityTests() => _orders = _world.Intermediate.Issue(World.Orders);

    private static PeerAllowList Listed => new(WorkloadId.Parse(World.Orders));

    public void Dispose()
    {
        _orders.Dispose();
        _world.Dispose();
    }

    [Theory]
    [InlineData(BillingName)]
    [InlineData("other.example.test", BillingName)]
    [InlineData("Billing.Example.TEST")]
    public async Task A_server_bound_by_name_has_exactly_this_name_among_its_names(params string[] names)
    {
        await using var server = await StartAsync(options => Array.ForEach(names, options.DnsNames.Add));
        using var client = new BoundClient(_world, _orders, BoundByName);

        await client.GetAsync(server.Address);

        Assert.Equal(BillingName, Assert.Single(server.ServerNames));
    }

    [Theory]
    [InlineData("other.example.test")]
    [InlineData("*.example.test")]
    [InlineData("a.billing.example.test")]
    [InlineData("example.test")]
    [InlineData("localhost")]
    public async Task Another_name_is_refused_also_where_a_wildcard_or_the_url_would_do(string name)
    {
        await using var server = await StartAsync(options => options.DnsNames.Add(name));

        await RefuseAsync(server, BoundByName);
    }

    [Fact]
    public async Task The_common_name_is_no_name()
    {
        await using var server = await StartAsync(options =>
        {
            options.CommonName = BillingName;
            options.UriNames.Add("https://billing.example.test");
        });

        await RefuseAsync(server, BoundByName);
    }

    [Fact]
    public async Task A_leaf_with_a_spiffe_id_is_no_server_bound_by_name()
    {
        await using var server = await StartAsync(options =>
        {
            options.SpiffeId = World.Billing;
            options.DnsNames.Add(BillingName);
        });

        await RefuseAsync(server, BoundByName);
        using var client = new BoundClient(_world, _orders);
        await client.GetAsync(server.Address);
    }

    [Fact]
    public async Task A_name_is_no_server_bound_by_spiffe_id()
    {
        await using var server = await StartAsync(options => options.DnsNames.Add(BillingName));

        await RefuseAsync(server, World.Billing);
    }

    [Fact]
    public async Task The_platform_has_to_agree_with_the_name()
    {
        using var leaf = _world.Intermediate.Issue(options => options.DnsNames.Add(BillingName));

        Assert.Equal(SslPolicyErrors.None, await HandshakeAsync(leaf, BillingName) & SslPolicyErrors.RemoteCertificateNameMismatch);
        Assert.Equal(SslPolicyErrors.RemoteCertificateNameMismatch, await HandshakeAsync(leaf, "elsewhere") & SslPolicyErrors.RemoteCertificateNameMismatch);
    }

    [Fact]
    public async Task A_denied_name_is_refused_also_where_the_leaf_has_others()
    {
        await using var server = await StartAsync(options =>
        {
            options.DnsNames.Add("other.example.test");
            options.DnsNames.Add(BillingName);
        });
        using var client = new BoundClient(_world, _orders, BoundByName);
        await client.GetAsync(server.Address);

        _world.Bundles.Replace(new TrustBundleSet(_world.Bundles.GetBundles(), new DenyList(workloads: [WorkloadId.Parse(BoundByName)])));

        await RefuseAsync(server, BoundByName, "mtls.workload_denied");
        await Eventually.TrueAsync(() => client.Told("ServerConnectionAborted").Any(), "The open connection was not cut.");
    }

    [Theory]
    [InlineData(World.Billing, "1.1")]
    [InlineData(World.Billing, "2.0")]
    [InlineData(BoundByName, "1.1")]
    [InlineData(BoundByName, "2.0")]
    public async Task A_host_header_neither_admits_another_server_nor_refuses_the_bound_one(string bound, string version)
    {
        await using var other = await StartAsync(options =>
        {
            options.DnsNames.Add("other.example.test");
            options.DnsNames.Add("localhost");
        });
        await using var billing = await StartAsync(options => Bind(options, bound));
        using var client = new BoundClient(_world, _orders, bound);

        await Assert.ThrowsAsync<RejectionException>(() => client.SendAsync(HttpMethod.Get, other.Address, version, host: "other.example.test"));
        await client.SendAsync(HttpMethod.Get, billing.Address, version, host: "other.example.test");

        Assert.Empty(other.Requests);
        Assert.DoesNotContain(billing.ServerNames, name => name == "other.example.test");
    }

    [Theory]
    [InlineData(World.Billing)]
    [InlineData(BoundByName)]
    public async Task A_pool_opened_under_a_foreign_host_holds_connections_to_the_bound_server_alone(string bound)
    {
        await using var server = await StartAsync(options => Bind(options, bound));
        using var client = new BoundClient(_world, _orders, bound);

        // The platform keeps a pool for each Host header; whoever opens one first must not decide who is behind it.
        foreach (var host in new[] { "other.example.test", null, "other.example.test", BillingName, null })
        {
            await client.SendAsync(HttpMethod.Get, server.Address, host: host);
        }

        Assert.Equal(5, server.Requests.Count);
        Assert.All(client.Told("ServerRefused"), _ => Assert.Fail("A server was refused."));

        _world.Bundles.Replace(new TrustBundleSet(_world.Bundles.GetBundles(), new DenyList(workloads: [WorkloadId.Parse(bound)])));
        foreach (var host in new[] { "other.example.test", null, BillingName })
        {
            await Assert.ThrowsAsync<RejectionException>(() => client.SendAsync(HttpMethod.Get, server.Address, host: host));
        }

        Assert.Equal(5, server.Requests.Count);
    }

    private static void Bind(TestLeafOptions options, string bound)
    {
        if (bound == BoundByName)
        {
            options.DnsNames.Add(BillingName);
        }
        else
        {
            options.SpiffeId = bound;
        }
    }

    private async Task<SslPolicyErrors> HandshakeAsync(TestCertificate leaf, string toldToThePlatform)
    {
        var server = _world.Tls(leaf).AcceptClient(Listed);
        var client = _world.Tls(_orders).ConnectTo(WorkloadId.Parse(BoundByName));
        var options = client.CreateOptions("ignored", []);
        Assert.Equal(BillingName, options.TargetHost);
        options.TargetHost = toldToThePlatform;
        var decide = options.RemoteCertificateValidationCallback!;
        var seen = SslPolicyErrors.None;
        options.RemoteCertificateValidationCallback = (sender, certificate, chain, errors) => decide(sender, certificate, chain, seen = errors);
        await using var pair = await Loopback.HandshakeAsync(server.CreateOptions(), options);
        Assert.Equal(toldToThePlatform == BillingName, client.Verdict.IsAccepted);
        return seen;
    }

    private async Task RefuseAsync(MeshServer server, string bound, string code = "mtls.server_identity_mismatch")
    {
        var requests = server.Requests.Count;
        using var client = new BoundClient(_world, _orders, bound);
        var failure = await Assert.ThrowsAsync<RejectionException>(() => client.GetAsync(server.Address));
        Assert.Equal(code, failure.Rejection.Code);
        Assert.Equal(requests, server.Requests.Count);
    }

    // The server keeps its own view of the trust, so that only the client's judgement counts.
    private async Task<MeshServer> StartAsync(Action<TestLeafOptions> configure)
    {
        var verifier = World.NewVerifier(new MemoryTrustBundleSource(new TrustBundleSet(_world.Root.ToBundle(World.Domain))), _world.Time);
        using var leaf = _world.Intermediate.Issue(configure);
        return await MeshServer.StartAsync(new PeerTls(verifier, new MemoryPeerCredentialSource(leaf.ToCredential())), Listed);
    }
}

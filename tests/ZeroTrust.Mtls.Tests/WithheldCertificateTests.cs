using ZeroTrust.Mtls.Tests.Support;
using ZeroTrust.Testing;
using ZeroTrust.X509;

namespace ZeroTrust.Mtls.Tests;

/// <summary>What a server learns of a client that refuses it.</summary>
public sealed class WithheldCertificateTests : IDisposable
{
    private readonly World _world = new();
    private readonly TestCertificate _orders;

    public WithheldCertificateTests() => _orders = _world.Intermediate.Issue(World.Orders);

    public void Dispose()
    {
        _orders.Dispose();
        _world.Dispose();
    }

    [Fact]
    public async Task A_server_with_another_identity_is_not_shown_the_clients_certificate()
    {
        using var other = _world.Intermediate.Issue("spiffe://example.test/other");

        await RefuseAsync(other, "mtls.server_identity_mismatch");
    }

    [Fact]
    public async Task A_server_of_another_authority_is_not_shown_the_clients_certificate()
    {
        using var foreign = TestCertificateAuthority.Create("foreign", _world.Time);
        using var forged = foreign.Issue(World.Billing);

        await RefuseAsync(forged, "x509.untrusted_anchor");
    }

    [Fact]
    public async Task A_server_that_is_denied_is_not_shown_the_clients_certificate()
    {
        using var billing = _world.Intermediate.Issue(World.Billing);
        _world.Bundles.Replace(new TrustBundleSet(_world.Bundles.GetBundles(), new DenyList(workloads: [WorkloadId.Parse(World.Billing)])));

        await RefuseAsync(billing, "mtls.workload_denied");
    }

    [Fact]
    public async Task The_server_that_is_proved_is_shown_it_whole()
    {
        using var billing = _world.Intermediate.Issue(World.Billing);
        await using var server = new Impostor(billing);
        using var client = new BoundClient(_world, _orders);

        await client.GetAsync(server.Address, "1.1");

        await server.DoneAsync();
        Assert.Null(server.Failure);
        Assert.Contains(World.Orders, server.Seen, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_asks_for_another_client_hello_gets_it()
    {
        using var now = new World(TimeProvider.System);
        using var billing = now.Intermediate.Issue(World.Billing);
        using var orders = now.Intermediate.Issue(World.Orders);
        await using var server = OpenSslServer.TryStart(billing, now.Root, "-groups", "P-521", "-www");
        Assert.SkipWhen(server is null, "openssl is not installed");
        using var client = new BoundClient(now, orders);
        await server.ListensAsync();

        var page = await client.GetAsync(server.Address, "1.1");

        Assert.Contains("s_server", page, StringComparison.Ordinal);
    }

    private async Task RefuseAsync(TestCertificate shown, string code)
    {
        await using var impostor = new Impostor(shown);
        using var client = new BoundClient(_world, _orders);

        var failure = await Assert.ThrowsAsync<RejectionException>(() => client.GetAsync(impostor.Address, "1.1"));

        await impostor.DoneAsync();
        Assert.Equal(code, failure.Rejection.Code);
        Assert.Null(impostor.Seen);
        Assert.NotNull(impostor.Failure);
    }
}

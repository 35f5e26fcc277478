using ZeroTrust.Mtls.Tests.Support;
using ZeroTrust.Testing;

namespace ZeroTrust.Mtls.Tests;

/// <summary>What a client does whose local certificate has ended.</summary>
public sealed class EndedCredentialTests : IDisposable
{
    private static readonly TimeSpan Left = TimeSpan.FromMinutes(1);

    private readonly World _world = new();
    private readonly TestCertificate _orders;
    private readonly TestCertificate _ordersNext;
    private readonly TestCertificate _billing;
    private readonly MemoryPeerCredentialSource _credentials;

    public EndedCredentialTests()
    {
        _orders = _world.Intermediate.Issue(leaf =>
        {
            leaf.SpiffeId = World.Orders;
            leaf.NotAfter = World.Start + Left;
        });
        _ordersNext = _world.Intermediate.Issue(World.Orders);
        _billing = _world.Intermediate.Issue(World.Billing);
        _credentials = new MemoryPeerCredentialSource(_orders.ToCredential());
    }

    private static PeerAllowList Listed => new(WorkloadId.Parse(World.Orders));

    public void Dispose()
    {
        _billing.Dispose();
        _ordersNext.Dispose();
        _orders.Dispose();
        _world.Dispose();
    }

    [Theory]
    [InlineData("1.1", false)]
    [InlineData("2.0", false)]
    [InlineData("1.1", true)]
    [InlineData("2.0", true)]
    public async Task Calls_are_refused_with_its_code_until_the_next_certificate_is_there(string version, bool isConnected)
    {
        await using var server = await MeshServer.StartAsync(_world.Tls(_billing), Listed);
        using var client = new BoundClient(_world, _credentials);
        if (isConnected)
        {
            await client.GetAsync(server.Address, version);
        }

        var connections = server.Connections;
        _world.Clock.Advance(Left + TimeSpan.FromTicks(1));
        var refused = (await Assert.ThrowsAsync<RejectionException>(() => client.GetAsync(server.Address, version))).Rejection;

        Assert.Equal("mtls.credential_expired", refused.Code);
        Assert.Equal(RejectionKind.Unavailable, refused.Kind);
        Assert.True(refused.IsOutbound);
        Assert.Equal(_orders.Certificate.NotAfter.ToUniversalTime(), refused.At?.UtcDateTime);
        Assert.Equal(connections, server.Connections);

        _credentials.Replace(_ordersNext.ToCredential());
        Assert.Equal(_ordersNext.ToPeerCertificates().LeafSha256, await client.GetAsync(server.Address, version));
    }

    [Fact]
    public async Task A_certificate_in_its_last_moment_is_presented()
    {
        await using var server = await MeshServer.StartAsync(_world.Tls(_billing), Listed);
        using var client = new BoundClient(_world, _credentials);
        _world.Clock.Advance(Left);

        Assert.Equal(_orders.ToPeerCertificates().LeafSha256, await client.GetAsync(server.Address));
    }
}

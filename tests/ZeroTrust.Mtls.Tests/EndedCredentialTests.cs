using ZeroTrust.Mtls.Tests.Support;
using ZeroTrust.Testing;

namespace ZeroTrust.Mtls.Tests;

/// <summary>What a client does whose local certificate has ended, or not begun.</summary>
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

    private static TimeSpan Skew => new MtlsOptions().ClockSkew;

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

    [Theory]
    [InlineData("1.1", false)]
    [InlineData("2.0", true)]
    public async Task Calls_are_refused_as_well_while_the_clock_says_that_the_certificate_has_not_begun(string version, bool isConnected)
    {
        await using var server = await MeshServer.StartAsync(_world.Tls(_billing), Listed);
        using var early = IssueAt(World.Start + Skew + TimeSpan.FromSeconds(1));
        using var client = new BoundClient(_world, _credentials);
        if (isConnected)
        {
            await client.GetAsync(server.Address, version);
        }

        var connections = server.Connections;
        _credentials.Replace(early.ToCredential());
        var refused = (await Assert.ThrowsAsync<RejectionException>(() => client.GetAsync(server.Address, version))).Rejection;

        Assert.Equal("mtls.credential_expired", refused.Code);
        Assert.Contains("is not yet valid", refused.Detail, StringComparison.Ordinal);
        Assert.Equal((RejectionKind.Unavailable, true), (refused.Kind, refused.IsOutbound));
        Assert.Equal(early.Certificate.NotBefore.ToUniversalTime(), refused.At?.UtcDateTime);
        Assert.Equal(connections, server.Connections);

        _world.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(early.ToPeerCertificates().LeafSha256, await client.GetAsync(server.Address, version));
    }

    [Fact]
    public async Task A_certificate_that_begins_within_the_clock_skew_is_presented()
    {
        await using var server = await MeshServer.StartAsync(_world.Tls(_billing), Listed);
        using var early = IssueAt(World.Start + Skew);
        using var client = new BoundClient(_world, _credentials);
        _credentials.Replace(early.ToCredential());

        Assert.Equal(early.ToPeerCertificates().LeafSha256, await client.GetAsync(server.Address));
    }

    [Fact]
    public async Task A_certificate_in_its_last_moment_is_presented()
    {
        await using var server = await MeshServer.StartAsync(_world.Tls(_billing), Listed);
        using var client = new BoundClient(_world, _credentials);
        _world.Clock.Advance(Left);

        Assert.Equal(_orders.ToPeerCertificates().LeafSha256, await client.GetAsync(server.Address));
    }

    private TestCertificate IssueAt(DateTimeOffset notBefore) => _world.Intermediate.Issue(leaf => (leaf.SpiffeId, leaf.NotBefore) = (World.Orders, notBefore));
}

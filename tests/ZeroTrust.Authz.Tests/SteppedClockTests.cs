namespace ZeroTrust.Authz.Tests;

/// <summary>The clock is set back: what was issued ahead of it is not handed out again.</summary>
public sealed class SteppedClockTests : IDisposable
{
    private readonly TestMesh _mesh = new();
    private readonly TestService _gateway;
    private readonly TestService _orders;

    public SteppedClockTests() => (_gateway, _orders) = (_mesh.Run(_mesh.Gateway), _mesh.Run(_mesh.Orders));

    public void Dispose()
    {
        _gateway.Dispose();
        _orders.Dispose();
        _mesh.Dispose();
    }

    [Theory]
    [InlineData(-30)]
    [InlineData(-10)]
    [InlineData(60)]
    public void A_context_that_is_minted_and_linked_after_a_step_is_believed(int seconds)
    {
        AuthzAssert.Accepted(Call());
        _mesh.Time.Step(TimeSpan.FromSeconds(seconds));

        AuthzAssert.Accepted(Call());
    }

    [Fact]
    public void A_context_is_reused_while_the_clock_goes_on()
    {
        var first = Mint();
        _mesh.Time.Advance(TimeSpan.FromSeconds(29));
        Assert.Same(first, Mint());
        _mesh.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.NotSame(first, Mint());
    }

    private AuthzContext Mint() => AuthzAssert.Accepted(_gateway.Minter.Mint(TestMesh.Tenant, TestMesh.Subject, PermissionSet.Parse("orders:read")));

    private Verdict<AuthzContext> Call()
    {
        var headers = AuthzAssert.Accepted(_gateway.Linker.Link(Mint(), WorkloadId.Parse(TestMesh.OrdersId)));
        return _orders.Verifier.Verify(headers, _orders.Peer(_mesh.Gateway));
    }
}

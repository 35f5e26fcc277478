using ZeroTrust.Testing;

namespace ZeroTrust.Authz.Tests;

public sealed class AuthzContextLinkerTests : IDisposable
{
    private static readonly WorkloadId ToOrders = WorkloadId.Parse(TestMesh.OrdersId);
    private static readonly WorkloadId ToBilling = WorkloadId.Parse(TestMesh.BillingId);

    private readonly TestMesh _mesh = new();
    private readonly TestService _gateway;
    private readonly TestService _orders;
    private readonly TestService _billing;

    public AuthzContextLinkerTests()
    {
        _gateway = _mesh.Run(_mesh.Gateway);
        _orders = _mesh.Run(_mesh.Orders);
        _billing = _mesh.Run(_mesh.Billing);
    }

    public void Dispose()
    {
        _gateway.Dispose();
        _orders.Dispose();
        _billing.Dispose();
        _mesh.Dispose();
    }

    [Fact]
    public void A_context_travels_from_workload_to_workload_and_shrinks_on_the_way()
    {
        var minted = Mint("orders:read orders:write invoice:write");
        var atOrders = AuthzAssert.Accepted(_orders.Verifier.Verify(AuthzAssert.Accepted(_gateway.Linker.Link(minted, ToOrders)), _orders.Peer(_mesh.Gateway)));
        var atBilling = AuthzAssert.Accepted(_billing.Verifier.Verify(
            AuthzAssert.Accepted(_orders.Linker.Link(atOrders, ToBilling, PermissionSet.Parse("invoice:write billing:admin"))), _billing.Peer(_mesh.Orders)));

        Assert.Equal("invoice:write", atBilling.Permissions.ToString());
        Assert.Equal($"{TestMesh.GatewayId} {TestMesh.OrdersId} {TestMesh.BillingId}", string.Join(' ', atBilling.CallChain));
        Assert.Equal(minted.TransactionId, atBilling.TransactionId);
        Assert.Equal(minted.Tenant, atBilling.Tenant);
        Assert.Equal(minted.Subject, atBilling.Subject);
        Assert.Equal(minted.ExpiresAt, atBilling.ExpiresAt);
    }

    [Theory]
    [InlineData(TestKeyAlgorithm.EcdsaP256)]
    [InlineData(TestKeyAlgorithm.EcdsaP384)]
    [InlineData(TestKeyAlgorithm.Rsa2048)]
    public void A_workload_signs_with_the_key_of_its_certificate(TestKeyAlgorithm algorithm)
    {
        using var certificate = _mesh.Authority.Issue(options => (options.SpiffeId, options.Key) = (TestMesh.GatewayId, algorithm));
        using var gateway = _mesh.Run(certificate);
        var minted = AuthzAssert.Accepted(gateway.Minter.Mint(TestMesh.Tenant, TestMesh.Subject, PermissionSet.Empty));

        AuthzAssert.Accepted(_orders.Verifier.Verify(AuthzAssert.Accepted(gateway.Linker.Link(minted, ToOrders)), _orders.Peer(certificate)));
    }

    [Fact]
    public void A_workload_behind_an_intermediate_sends_it()
    {
        using var intermediate = _mesh.Authority.CreateIntermediate("mesh intermediate");
        using var certificate = intermediate.Issue(TestMesh.GatewayId);
        using var gateway = _mesh.Run(certificate);
        var minted = AuthzAssert.Accepted(gateway.Minter.Mint(TestMesh.Tenant, TestMesh.Subject, PermissionSet.Empty));

        AuthzAssert.Accepted(_orders.Verifier.Verify(AuthzAssert.Accepted(gateway.Linker.Link(minted, ToOrders)), _orders.Peer(certificate)));
    }

    [Fact]
    public void A_link_is_signed_once_for_parent_destination_and_scope()
    {
        var minted = Mint("orders:read orders:write");
        var first = AuthzAssert.Accepted(_gateway.Linker.Link(minted, ToOrders));

        Assert.Same(first, AuthzAssert.Accepted(_gateway.Linker.Link(minted, ToOrders)));
        Assert.NotEqual(first.Chain, AuthzAssert.Accepted(_gateway.Linker.Link(minted, ToBilling)).Chain, StringComparer.Ordinal);
        Assert.NotEqual(first.Chain, AuthzAssert.Accepted(_gateway.Linker.Link(minted, ToOrders, PermissionSet.Parse("orders:read"))).Chain, StringComparer.Ordinal);
        Assert.NotEqual(first.Token, AuthzAssert.Accepted(_gateway.Linker.Link(Mint("orders:read"), ToOrders)).Token, StringComparer.Ordinal);
    }

    [Fact]
    public void A_renewed_certificate_links_anew_and_sends_both_certificates()
    {
        using var renewed = _mesh.Authority.Issue(TestMesh.GatewayId);
        var minted = Mint("orders:read");
        var first = AuthzAssert.Accepted(_gateway.Linker.Link(minted, ToOrders));

        _gateway.Credentials.Replace(renewed.ToCredential());
        var second = AuthzAssert.Accepted(_gateway.Linker.Link(minted, ToOrders));

        Assert.NotEqual(first.Chain, second.Chain, StringComparer.Ordinal);
        Assert.Equal(Forge.Certs(_mesh.Gateway, renewed), second.Certs);
        AuthzAssert.Accepted(_orders.Verifier.Verify(second, _orders.Peer(renewed)));
    }

    [Fact]
    public void A_link_ends_with_the_certificate_that_signs_it()
    {
        using var shortLived = _mesh.Authority.Issue(options => (options.SpiffeId, options.NotAfter) = (TestMesh.GatewayId, TestMesh.Start.AddSeconds(30)));
        var minted = Mint("orders:read");
        _gateway.Credentials.Replace(shortLived.ToCredential());

        var headers = AuthzAssert.Accepted(_gateway.Linker.Link(minted, ToOrders));
        Assert.Equal(TestMesh.Start.AddSeconds(30), AuthzAssert.Accepted(_orders.Verifier.Verify(headers, _orders.Peer(shortLived))).ExpiresAt);
        _mesh.Time.Advance(TimeSpan.FromSeconds(30));
        var ended = _gateway.Linker.Link(minted, ToOrders);
        AuthzAssert.Refused(AuthzRejectionReason.OwnCertificateExpired, ended);
        Assert.Equal((RejectionKind.Unavailable, true), (ended.Rejection!.Kind, ended.Rejection.IsOutbound));
    }

    [Fact]
    public void Nothing_is_linked_with_a_certificate_that_has_not_begun()
    {
        using var early = _mesh.Authority.Issue(options => (options.SpiffeId, options.NotBefore) = (TestMesh.GatewayId, TestMesh.Start.AddSeconds(6)));
        var minted = Mint("orders:read");
        _gateway.Credentials.Replace(early.ToCredential());

        var refused = _gateway.Linker.Link(minted, ToOrders);
        AuthzAssert.Refused(AuthzRejectionReason.OwnCertificateExpired, refused);
        Assert.Equal((RejectionKind.Unavailable, true), (refused.Rejection!.Kind, refused.Rejection.IsOutbound));

        _mesh.Time.Advance(TimeSpan.FromSeconds(1));
        AuthzAssert.Accepted(_gateway.Linker.Link(minted, ToOrders));
    }

    [Fact]
    public void A_context_that_ended_is_the_callers_and_one_held_elsewhere_is_not()
    {
        var minted = Mint("orders:read");
        var elsewhere = _orders.Linker.Link(minted, ToBilling).Rejection!;
        Assert.Equal((RejectionKind.BadGateway, true), (elsewhere.Kind, elsewhere.IsOutbound));

        _mesh.Time.Advance(TimeSpan.FromSeconds(120));
        var ended = _gateway.Linker.Link(minted, ToOrders).Rejection!;
        Assert.Equal((RejectionKind.Unauthenticated, false), (ended.Kind, ended.IsOutbound));
    }

    [Fact]
    public void A_context_that_ended_is_not_handed_on()
    {
        var minted = Mint("orders:read");

        _mesh.Time.Advance(TimeSpan.FromSeconds(119.9));
        AuthzAssert.Accepted(_gateway.Linker.Link(minted, ToOrders));
        _mesh.Time.Advance(TimeSpan.FromSeconds(0.1));
        AuthzAssert.Refused(AuthzRejectionReason.Expired, _gateway.Linker.Link(minted, ToOrders));
    }

    [Fact]
    public void A_context_another_workload_holds_is_not_handed_on() =>
        AuthzAssert.Refused(AuthzRejectionReason.NotAddressedHere, _orders.Linker.Link(Mint("orders:read"), ToBilling));

    [Fact]
    public void A_fifth_hop_is_refused_before_it_is_sent()
    {
        var context = Mint("orders:read");
        TestService[] services = [_gateway, _orders, _billing, _orders, _billing];
        TestCertificate[] certificates = [_mesh.Gateway, _mesh.Orders, _mesh.Billing, _mesh.Orders, _mesh.Billing];
        WorkloadId[] next = [ToOrders, ToBilling, ToOrders, ToBilling];
        for (var i = 0; i < next.Length; i++)
        {
            var headers = AuthzAssert.Accepted(services[i].Linker.Link(context, next[i]));
            context = AuthzAssert.Accepted(services[i + 1].Verifier.Verify(headers, services[i + 1].Peer(certificates[i])));
        }

        AuthzAssert.Refused(AuthzRejectionReason.ChainTooLong, _billing.Linker.Link(context, ToOrders));
    }

    [Fact]
    public void Headers_that_no_receiver_would_read_are_not_sent()
    {
        var permissions = PermissionSet.Create(Enumerable.Range(0, 64).Select(n => $"p{n}".PadRight(64, 'x')));
        using var gateway = _mesh.Run(_mesh.Gateway, options =>
        {
            TestMesh.GrantGateway(options);
            options.MintGrants[0].Permissions = [.. permissions];
        });
        var minted = AuthzAssert.Accepted(gateway.Minter.Mint(TestMesh.Tenant, TestMesh.Subject, permissions));

        var refused = gateway.Linker.Link(minted, ToOrders);
        AuthzAssert.Refused(AuthzRejectionReason.TooLarge, refused);
        Assert.Equal((RejectionKind.BadGateway, true), (refused.Rejection!.Kind, refused.Rejection.IsOutbound));
        Assert.Matches("have [0-9]+ \\+ [0-9]+ \\+ [0-9]+ = [0-9]+ characters, 8192 at most: 1 links and 1 certificates", refused.Rejection.Detail);
        AuthzAssert.Accepted(gateway.Linker.Link(minted, ToOrders, PermissionSet.Empty));
    }

    [Fact]
    public void Nobody_is_no_destination() => Assert.Throws<ArgumentException>(() => _gateway.Linker.Link(Mint("orders:read"), default));

    private AuthzContext Mint(string permissions) =>
        AuthzAssert.Accepted(_gateway.Minter.Mint(TestMesh.Tenant, TestMesh.Subject, PermissionSet.Parse(permissions)));
}

using ZeroTrust.Mtls;
using ZeroTrust.Testing;

namespace ZeroTrust.Authz.Tests;

/// <summary>What is remembered of a verified context, and what is asked again each time.</summary>
public sealed class AuthzContextCacheTests : IDisposable
{
    private readonly TestMesh _mesh = new();
    private readonly TestService _orders;
    private readonly TxnHeaders _headers;

    public AuthzContextCacheTests()
    {
        _orders = _mesh.Run(_mesh.Orders);
        _headers = Headers(TestMesh.Start);
    }

    public void Dispose()
    {
        _orders.Dispose();
        _mesh.Dispose();
    }

    [Fact]
    public void A_context_is_verified_once()
    {
        var first = AuthzAssert.Accepted(Verify(_mesh.Gateway));

        _mesh.Time.Advance(TimeSpan.FromSeconds(60));

        Assert.Same(first, AuthzAssert.Accepted(Verify(_mesh.Gateway)));
    }

    [Fact]
    public void The_end_is_asked_again()
    {
        AuthzAssert.Accepted(Verify(_mesh.Gateway));

        _mesh.Time.Advance(TimeSpan.FromSeconds(124));
        AuthzAssert.Accepted(Verify(_mesh.Gateway));
        _mesh.Time.Advance(TimeSpan.FromSeconds(1));
        AuthzAssert.Refused(AuthzRejectionReason.Expired, Verify(_mesh.Gateway));
    }

    [Fact]
    public void The_sender_is_asked_again()
    {
        AuthzAssert.Accepted(Verify(_mesh.Gateway));

        AuthzAssert.Refused(AuthzRejectionReason.SenderMismatch, Verify(_mesh.Audit));
        AuthzAssert.Accepted(Verify(_mesh.Gateway));
    }

    [Fact]
    public void The_addressee_is_asked_again()
    {
        AuthzAssert.Accepted(Verify(_mesh.Gateway));

        _orders.Credentials.Replace(_mesh.Billing.ToCredential());
        AuthzAssert.Refused(AuthzRejectionReason.NotAddressedHere, Verify(_mesh.Gateway));
    }

    [Fact]
    public void Trust_in_the_signers_is_asked_again_when_it_moves()
    {
        var sender = _orders.Peer(_mesh.Gateway);
        var first = AuthzAssert.Accepted(_orders.Verifier.Verify(_headers, sender));
        using var authority = TestCertificateAuthority.Create("other root", _mesh.Time);

        _mesh.Bundles.Replace(new TrustBundleSet(_mesh.Authority.ToBundle(TestMesh.Domain)));
        Assert.Same(first, AuthzAssert.Accepted(_orders.Verifier.Verify(_headers, sender)));
        _mesh.Bundles.Replace(new TrustBundleSet(authority.ToBundle(TestMesh.Domain)));
        AuthzAssert.Refused(AuthzRejectionReason.SignerUntrusted, _orders.Verifier.Verify(_headers, sender));
    }

    [Fact]
    public void A_refusal_is_not_remembered()
    {
        var early = Headers(TestMesh.Start.AddSeconds(6));

        AuthzAssert.Refused(AuthzRejectionReason.NotYetValid, _orders.Verifier.Verify(early, _orders.Peer(_mesh.Gateway)));
        _mesh.Time.Advance(TimeSpan.FromSeconds(1));
        AuthzAssert.Accepted(_orders.Verifier.Verify(early, _orders.Peer(_mesh.Gateway)));
    }

    [Fact]
    public void A_chain_cut_differently_is_another_context()
    {
        AuthzAssert.Accepted(Verify(_mesh.Gateway));

        Assert.False(_orders.Verifier.Verify(new TxnHeaders(_headers.Token + _headers.Chain, string.Empty, _headers.Certs), _orders.Peer(_mesh.Gateway)).IsAccepted);
        Assert.False(_orders.Verifier.Verify(new TxnHeaders(_headers.Token + "\0" + _headers.Chain, _headers.Certs, string.Empty), _orders.Peer(_mesh.Gateway)).IsAccepted);
    }

    [Fact]
    public void Each_of_the_three_headers_counts()
    {
        AuthzAssert.Accepted(Verify(_mesh.Gateway));
        var other = Headers(TestMesh.Start.AddSeconds(-1));
        var sender = _orders.Peer(_mesh.Gateway);

        AuthzAssert.Refused(AuthzRejectionReason.ChainBroken, _orders.Verifier.Verify(new TxnHeaders(other.Token, _headers.Chain, _headers.Certs), sender));
        AuthzAssert.Refused(AuthzRejectionReason.ChainBroken, _orders.Verifier.Verify(new TxnHeaders(_headers.Token, other.Chain, _headers.Certs), sender));
        AuthzAssert.Refused(AuthzRejectionReason.SignerCertificateMissing, _orders.Verifier.Verify(new TxnHeaders(_headers.Token, _headers.Chain, Forge.Certs(_mesh.Audit)), sender));
    }

    [Fact]
    public void No_more_is_remembered_than_allowed()
    {
        using var orders = _mesh.Run(_mesh.Orders, options =>
        {
            TestMesh.GrantGateway(options);
            options.MaxCachedContexts = 1;
        });
        var sender = orders.Peer(_mesh.Gateway);
        var first = AuthzAssert.Accepted(orders.Verifier.Verify(_headers, sender));
        Assert.Same(first, AuthzAssert.Accepted(orders.Verifier.Verify(_headers, sender)));

        AuthzAssert.Accepted(orders.Verifier.Verify(Headers(TestMesh.Start.AddSeconds(-1)), sender));

        Assert.NotSame(first, AuthzAssert.Accepted(orders.Verifier.Verify(_headers, sender)));
    }

    private Verdict<AuthzContext> Verify(TestCertificate sender) => _orders.Verifier.Verify(_headers, _orders.Peer(sender));

    private TxnHeaders Headers(DateTimeOffset issued)
    {
        var root = Forge.Root(_mesh.Gateway, issued);
        return new TxnHeaders(root, Forge.Link(_mesh.Gateway, issued, root, TestMesh.OrdersId), Forge.Certs(_mesh.Gateway));
    }
}

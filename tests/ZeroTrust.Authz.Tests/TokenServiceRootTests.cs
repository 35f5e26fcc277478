using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using ZeroTrust.Jose;
using ZeroTrust.Testing;

namespace ZeroTrust.Authz.Tests;

/// <summary>Roots that a token service signed: billing is their first holder and hands them to orders.</summary>
public sealed class TokenServiceRootTests : IDisposable
{
    private readonly TestMesh _mesh = new();
    private readonly MemoryTokenServiceKeySource _keys = new();
    private readonly TokenService _service = new();
    private readonly TestService _orders;
    private readonly TestService _billing;

    public TokenServiceRootTests()
    {
        _keys.Replace(TokenService.Issuer, TokenService.Keys(_service));
        _orders = Run(_mesh.Orders);
        _billing = Run(_mesh.Billing);
    }

    private DateTimeOffset Now => _mesh.Time.GetUtcNow();

    public void Dispose()
    {
        _orders.Dispose();
        _billing.Dispose();
        _service.Dispose();
        _mesh.Dispose();
    }

    [Fact]
    public void The_first_holder_redeems_a_root_and_hands_it_on()
    {
        var held = AuthzAssert.Accepted(_billing.Minter.Redeem(_service.Root(Now)));
        Assert.Equal(TestMesh.BillingId, Assert.Single(held.CallChain).ToString());
        Assert.Equal("acme idp/alice orders:read orders:write", $"{held.Tenant} {held.Subject} {held.Permissions}");

        var headers = AuthzAssert.Accepted(_billing.Linker.Link(held, WorkloadId.Parse(TestMesh.OrdersId), PermissionSet.Parse("orders:read")));
        var received = AuthzAssert.Accepted(_orders.Verifier.Verify(headers, _orders.Peer(_mesh.Billing)));

        Assert.Equal([TestMesh.BillingId, TestMesh.OrdersId], received.CallChain.Select(hop => hop.ToString()), StringComparer.Ordinal);
        Assert.Equal("orders:read", received.Permissions.ToString());
        Assert.Equal(held.TransactionId, received.TransactionId);
    }

    [Fact]
    public void Only_the_workload_that_was_authenticated_redeems_a_root()
    {
        AuthzAssert.Refused(AuthzRejectionReason.RequesterMismatch, _orders.Minter.Redeem(_service.Root(Now)));
        AuthzAssert.Accepted(_orders.Minter.Redeem(_service.Root(Now, TestMesh.OrdersId)));
    }

    [Fact]
    public void A_root_that_a_workload_signed_is_not_redeemed()
    {
        AuthzAssert.Refused(AuthzRejectionReason.TokenHeaderRefused, _billing.Minter.Redeem(Forge.Root(_mesh.Billing, Now)));
        AuthzAssert.Refused("jose.part_count", _billing.Minter.Redeem("no token"));
    }

    [Fact]
    public void A_redeemed_root_is_judged_by_the_clock_and_its_audience()
    {
        AuthzAssert.Refused(AuthzRejectionReason.Expired, _billing.Minter.Redeem(_service.Root(Now.AddSeconds(-125))));
        AuthzAssert.Accepted(_billing.Minter.Redeem(_service.Root(Now.AddSeconds(-124))));
        AuthzAssert.Refused(AuthzRejectionReason.NotYetValid, _billing.Minter.Redeem(_service.Root(Now.AddSeconds(6))));
        AuthzAssert.Refused(AuthzRejectionReason.AudienceMismatch, _billing.Minter.Redeem(_service.Root(Now, change: claims => claims["aud"] = "other.test")));
    }

    [Fact]
    public void Nobody_but_the_first_holder_hands_a_root_on()
    {
        var root = _service.Root(Now);

        AuthzAssert.Accepted(Verify(root, _mesh.Billing));
        AuthzAssert.Refused(AuthzRejectionReason.LinkSignerMismatch, Verify(root, _mesh.Audit));
    }

    [Fact]
    public void A_root_of_a_token_service_alone_is_refused() =>
        AuthzAssert.Refused(AuthzRejectionReason.ChainMissing, _orders.Verifier.Verify(new TxnHeaders(_service.Root(Now), string.Empty, string.Empty), _orders.Peer(_mesh.Billing)));

    [Fact]
    public void A_key_that_is_not_published_is_refused()
    {
        using var impostor = new TokenService();
        using var next = new TokenService("2026-07");

        AuthzAssert.Refused("jose.signature_invalid", Verify(impostor.Root(Now), _mesh.Billing));
        AuthzAssert.Refused(AuthzRejectionReason.TokenServiceKeyUnknown, Verify(next.Root(Now), _mesh.Billing));
        _keys.Replace(TokenService.Issuer, TokenService.Keys(_service, next));
        AuthzAssert.Accepted(Verify(next.Root(Now), _mesh.Billing));
    }

    [Fact]
    public void A_key_counts_for_its_own_issuer_alone()
    {
        const string other = "https://other.example.test";
        using var second = new TokenService("other");
        _keys.Replace(other, TokenService.Keys(second));
        using var orders = Run(_mesh.Orders, options => options.TokenServices.Add(new TokenServiceOptions { Issuer = other, KeysFile = "unused", Tenants = ["acme"], SubjectKinds = [SubjectKind.User], Permissions = ["orders:read", "orders:write"] }));

        AuthzAssert.Accepted(Verify(second.Root(Now, change: claims => claims["iss"] = other), _mesh.Billing, orders));
        AuthzAssert.Refused(AuthzRejectionReason.TokenServiceKeyUnknown, Verify(second.Root(Now), _mesh.Billing, orders));
        AuthzAssert.Refused(AuthzRejectionReason.TokenServiceKeyUnknown, Verify(_service.Root(Now, change: claims => claims["iss"] = other), _mesh.Billing, orders));
    }

    [Theory]
    [InlineData("https://tokens.example.test/")]
    [InlineData("https://TOKENS.example.test")]
    [InlineData(TestMesh.GatewayId)]
    [InlineData(TestMesh.BillingId)]
    public void An_issuer_that_is_not_listed_exactly_is_refused(string issuer) =>
        AuthzAssert.Refused(AuthzRejectionReason.TokenServiceUnknown, Verify(_service.Root(Now, change: claims => claims["iss"] = issuer), _mesh.Billing));

    [Fact]
    public void Without_token_services_a_kid_refers_to_nothing()
    {
        using var orders = new TestService(_mesh, _mesh.Orders, TestMesh.GrantGateway);

        AuthzAssert.Refused(AuthzRejectionReason.TokenServiceUnknown, Verify(_service.Root(Now), _mesh.Billing, orders));
    }

    [Fact]
    public void A_workload_that_mints_does_not_speak_for_a_token_service() =>
        AuthzAssert.Refused(AuthzRejectionReason.IssuerMismatch, Verify(Forge.Root(_mesh.Gateway, Now, claims => claims["iss"] = TokenService.Issuer), _mesh.Gateway));

    [Theory]
    [InlineData("tctx", AuthzRejectionReason.MintTenantNotGranted)]
    [InlineData("sub", AuthzRejectionReason.MintSubjectKindNotGranted)]
    [InlineData("scope", AuthzRejectionReason.MintPermissionNotGranted)]
    [InlineData("exp", AuthzRejectionReason.MintLifetimeNotGranted)]
    public void The_grant_of_the_token_service_is_its_ceiling(string claim, AuthzRejectionReason reason)
    {
        var root = _service.Root(Now, change: claims => claims[claim] = claim switch
        {
            "tctx" => new JsonObject { ["tenant_id"] = "initech" },
            "sub" => "system:job",
            "scope" => "orders:read orders:delete",
            _ => claims["iat"]!.GetValue<long>() + 121,
        });

        AuthzAssert.Refused(reason, Verify(root, _mesh.Billing));
        AuthzAssert.Refused(reason, _billing.Minter.Redeem(root));
    }

    [Theory]
    [InlineData(TestMesh.BillingId, null)]
    [InlineData(TestMesh.OrdersId, AuthzRejectionReason.MintSubjectNotGranted)]
    [InlineData("root", AuthzRejectionReason.MintSubjectNotGranted)]
    public void A_system_subject_is_the_workload_that_was_authenticated(string workload, AuthzRejectionReason? reason)
    {
        using var billing = new TestService(_mesh, _mesh.Billing, options => options.TokenServices.Add(new TokenServiceOptions
        {
            Issuer = TokenService.Issuer,
            KeysFile = "unused",
            Tenants = ["acme"],
            SubjectKinds = [SubjectKind.System],
            Permissions = ["orders:read", "orders:write"],
        }), services => services.AddSingleton<ITokenServiceKeySource>(_keys));

        var redeemed = billing.Minter.Redeem(_service.Root(Now, change: claims => claims["sub"] = "system:" + workload));

        if (reason is { } expected)
        {
            AuthzAssert.Refused(expected, redeemed);
        }
        else
        {
            AuthzAssert.Accepted(redeemed);
        }
    }

    [Fact]
    public void Keys_that_were_never_there_are_an_outage()
    {
        var sources = new MemoryTokenServiceKeySource();
        using var orders = Run(_mesh.Orders, keys: sources);

        var verdict = Verify(_service.Root(Now), _mesh.Billing, orders);
        AuthzAssert.Refused(AuthzRejectionReason.TokenServiceKeysUnavailable, verdict);
        Assert.Equal(RejectionKind.Unavailable, verdict.Rejection!.Kind);

        sources.Replace(TokenService.Issuer, TokenService.Keys());
        AuthzAssert.Refused(AuthzRejectionReason.TokenServiceKeyUnknown, Verify(_service.Root(Now), _mesh.Billing, orders));
        sources.Replace(TokenService.Issuer, TokenService.Keys(_service));
        AuthzAssert.Accepted(Verify(_service.Root(Now), _mesh.Billing, orders));
    }

    [Fact]
    public void A_removed_key_refuses_what_was_remembered()
    {
        var headers = Headers(_service.Root(Now), _mesh.Billing);
        var first = AuthzAssert.Accepted(_orders.Verifier.Verify(headers, _orders.Peer(_mesh.Billing)));
        Assert.Same(first, AuthzAssert.Accepted(_orders.Verifier.Verify(headers, _orders.Peer(_mesh.Billing))));

        _keys.Replace(TokenService.Issuer, TokenService.Keys(_service));
        Assert.NotSame(first, AuthzAssert.Accepted(_orders.Verifier.Verify(headers, _orders.Peer(_mesh.Billing))));
        using var next = new TokenService("2026-07");
        _keys.Replace(TokenService.Issuer, TokenService.Keys(next));
        AuthzAssert.Refused(AuthzRejectionReason.TokenServiceKeyUnknown, _orders.Verifier.Verify(headers, _orders.Peer(_mesh.Billing)));
    }

    [Fact]
    public void A_replaced_key_of_the_same_name_refuses_what_was_remembered()
    {
        var headers = Headers(_service.Root(Now), _mesh.Billing);
        AuthzAssert.Accepted(_orders.Verifier.Verify(headers, _orders.Peer(_mesh.Billing)));
        using var renamed = new TokenService();

        _keys.Replace(TokenService.Issuer, TokenService.Keys(renamed));
        AuthzAssert.Refused("jose.signature_invalid", _orders.Verifier.Verify(headers, _orders.Peer(_mesh.Billing)));
    }

    [Fact]
    public void Rsa_keys_verify_ps256_and_nothing_else()
    {
        using var silent = new TokenService("silent", JwsAlgorithms.PS256, statedAlgorithm: null);
        using var stated = new TokenService("stated", JwsAlgorithms.PS256, JwsAlgorithms.PS256);
        using var weak = new TokenService("weak", JwsAlgorithms.RS256, JwsAlgorithms.RS256);
        using var large = new TokenService("large", ECCurve.NamedCurves.nistP384);
        _keys.Replace(TokenService.Issuer, TokenService.Keys(silent, stated, weak, large));

        AuthzAssert.Accepted(Verify(silent.Root(Now), _mesh.Billing));
        AuthzAssert.Accepted(Verify(stated.Root(Now), _mesh.Billing));
        AuthzAssert.Accepted(Verify(large.Root(Now), _mesh.Billing));
        AuthzAssert.Refused(AuthzRejectionReason.RootAlgorithmRefused, Verify(weak.Root(Now), _mesh.Billing));
    }

    [Theory]
    [InlineData("JWT")]
    [InlineData("zt-link+jwt")]
    public void A_root_of_another_type_is_refused(string type) =>
        AuthzAssert.Refused(AuthzRejectionReason.TokenTypeRefused, Verify(_service.Root(Now, type: type), _mesh.Billing));

    [Theory]
    [InlineData("kid")]
    [InlineData("typ")]
    [InlineData("x5t#S256")]
    [InlineData("cty")]
    public void A_header_of_other_members_is_refused(string member)
    {
        var header = Forge.Header(_mesh.Billing, "txntoken+jwt");
        header["kid"] = "2026-06";
        if (member != "kid")
        {
            header.Remove("x5t#S256");
            header["cty"] = "x";
            if (member == "typ")
            {
                header.Remove("typ");
            }
        }

        AuthzAssert.Refused(AuthzRejectionReason.TokenHeaderRefused, Verify(Forge.Token(_mesh.Billing, header, Forge.RootClaims(Now, TestMesh.BillingId)), _mesh.Billing));
    }

    private static void Trust(AuthzOptions options)
    {
        TestMesh.GrantGateway(options);
        options.TokenServices.Add(new TokenServiceOptions
        {
            Issuer = TokenService.Issuer,
            KeysFile = "unused",
            Tenants = ["acme"],
            SubjectKinds = [SubjectKind.User],
            Permissions = ["orders:read", "orders:write"],
        });
    }

    private TxnHeaders Headers(string root, TestCertificate holder) =>
        new(root, Forge.Link(holder, Now, root, TestMesh.OrdersId, claims => claims["scope"] = "orders:read"), Forge.Certs(holder));

    private Verdict<AuthzContext> Verify(string root, TestCertificate holder, TestService? orders = null) =>
        (orders ?? _orders).Verifier.Verify(Headers(root, holder), (orders ?? _orders).Peer(holder));

    private TestService Run(TestCertificate certificate, Action<AuthzOptions>? more = null, MemoryTokenServiceKeySource? keys = null) => new(
        _mesh,
        certificate,
        options =>
        {
            Trust(options);
            more?.Invoke(options);
        },
        services => services.AddSingleton<ITokenServiceKeySource>(keys ?? _keys));
}

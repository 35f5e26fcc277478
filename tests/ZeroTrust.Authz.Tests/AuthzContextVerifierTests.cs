using System.Text.Json.Nodes;
using ZeroTrust.Jose;
using ZeroTrust.Mtls;
using ZeroTrust.Testing;

namespace ZeroTrust.Authz.Tests;

/// <summary>Rules 1 to 7: each attack beside the honest call it is closest to.</summary>
public sealed class AuthzContextVerifierTests : IDisposable
{
    private readonly TestMesh _mesh = new();

    private DateTimeOffset Now => _mesh.Time.GetUtcNow();

    public void Dispose() => _mesh.Dispose();

    [Fact]
    public void An_honest_context_says_who_acts_where_with_what()
    {
        var context = AuthzAssert.Accepted(FromGateway(Root()));

        Assert.Equal("acme", context.Tenant.ToString());
        Assert.Equal("idp/alice", context.Subject.ToString());
        Assert.Equal("orders:read orders:write", context.Permissions.ToString());
        Assert.Equal(CanonicalBase64Url.Encode(new byte[16]), context.TransactionId);
        Assert.Equal($"{TestMesh.GatewayId} {TestMesh.OrdersId}", string.Join(' ', context.CallChain));
        Assert.Equal(TestMesh.Start.AddSeconds(120), context.ExpiresAt);
    }

    // Rule 1: sizes
    [Fact]
    public void More_than_8192_characters_are_refused()
    {
        var root = Root();
        var link = Forge.Link(_mesh.Gateway, Now, root, TestMesh.OrdersId);
        var rest = TxnHeaders.MaxLength - root.Length - link.Length;

        AuthzAssert.Refused(AuthzRejectionReason.CertificatesMalformed, Verify(new TxnHeaders(root, link, new string('=', rest)), _mesh.Gateway));
        AuthzAssert.Refused(AuthzRejectionReason.TooLarge, Verify(new TxnHeaders(root, link, new string('=', rest + 1)), _mesh.Gateway));
    }

    // Rule 1: strict JOSE
    [Theory]
    [InlineData("jku", "jose.embedded_key")]
    [InlineData("crit", "jose.critical_extension")]
    [InlineData("cty", "authz.token_header_refused")]
    [InlineData("kid", "authz.token_header_refused")]
    public void A_further_header_member_is_refused(string member, string code)
    {
        var header = Forge.Header(_mesh.Gateway, "txntoken+jwt");
        AuthzAssert.Accepted(FromGateway(Forge.Token(_mesh.Gateway, header, Forge.RootClaims(Now))));

        header[member] = "x";
        AuthzAssert.Refused(code, FromGateway(Forge.Token(_mesh.Gateway, header, Forge.RootClaims(Now))));
    }

    [Theory]
    [InlineData("none", "jose.algorithm_refused")]
    [InlineData("HS256", "jose.algorithm_refused")]
    [InlineData("ES384", "jose.algorithm_mismatch")]
    [InlineData("RS256", "jose.algorithm_mismatch")]
    public void The_algorithm_is_the_one_of_the_key(string algorithm, string code)
    {
        var header = Forge.Header(_mesh.Gateway, "txntoken+jwt");
        header["alg"] = algorithm;

        AuthzAssert.Refused(code, FromGateway(Forge.Token(_mesh.Gateway, header, Forge.RootClaims(Now))));
    }

    [Fact]
    public void A_header_without_type_is_refused()
    {
        var header = Forge.Header(_mesh.Gateway, "txntoken+jwt");
        header.Remove("typ");

        AuthzAssert.Refused(AuthzRejectionReason.TokenHeaderRefused, FromGateway(Forge.Token(_mesh.Gateway, header, Forge.RootClaims(Now))));
    }

    [Fact]
    public void A_link_named_by_kid_is_refused()
    {
        var root = Root();
        using var signer = JwsSigner.FromKey(System.Security.Cryptography.ECDsa.Create(System.Security.Cryptography.ECCurve.NamedCurves.nistP256), "token-service");
        var link = signer.Sign("zt-link+jwt", System.Text.Encoding.UTF8.GetBytes(Forge.LinkClaims(Now, root, TestMesh.OrdersId).ToJsonString()));

        AuthzAssert.Refused(AuthzRejectionReason.TokenHeaderRefused, Verify(root, [link], [_mesh.Gateway], _mesh.Gateway));
    }

    [Theory]
    [InlineData("JWT")]
    [InlineData("zt-link+jwt")]
    [InlineData("zt-async+jwt")]
    [InlineData("TXNTOKEN+JWT")]
    [InlineData("application/txntoken+jwt")]
    public void A_root_of_another_type_is_refused(string type) =>
        AuthzAssert.Refused(AuthzRejectionReason.TokenTypeRefused, FromGateway(Forge.Token(_mesh.Gateway, type, Forge.RootClaims(Now))));

    [Theory]
    [InlineData("JWT")]
    [InlineData("txntoken+jwt")]
    public void A_link_of_another_type_is_refused(string type)
    {
        var root = Root();
        var link = Forge.Token(_mesh.Gateway, type, Forge.LinkClaims(Now, root, TestMesh.OrdersId));

        AuthzAssert.Refused(AuthzRejectionReason.TokenTypeRefused, Verify(root, [link], [_mesh.Gateway], _mesh.Gateway));
    }

    // Rule 1: strict JSON
    [Fact]
    public void A_claim_named_twice_is_refused()
    {
        var claims = Forge.RootClaims(Now).ToJsonString();

        AuthzAssert.Accepted(FromGateway(Forge.Token(_mesh.Gateway, "txntoken+jwt", claims)));
        AuthzAssert.Refused("jose.duplicate_member", FromGateway(Forge.Token(_mesh.Gateway, "txntoken+jwt", claims.Replace("\"sub\":", "\"sub\":\"idp/bob\",\"sub\":", StringComparison.Ordinal))));
        AuthzAssert.Refused("jose.duplicate_member", FromGateway(Forge.Token(_mesh.Gateway, "txntoken+jwt", claims.Replace("\"tenant_id\":", "\"tenant_id\":\"globex\",\"tenant_id\":", StringComparison.Ordinal))));
    }

    [Theory]
    [InlineData("iss")]
    [InlineData("iat")]
    [InlineData("exp")]
    [InlineData("aud")]
    [InlineData("txn")]
    [InlineData("sub")]
    [InlineData("scope")]
    [InlineData("req_wl")]
    [InlineData("tctx")]
    public void A_root_without_one_of_its_claims_is_refused(string claim)
    {
        AuthzAssert.Refused(AuthzRejectionReason.TokenMalformed, FromGateway(Root(claims => claims.Remove(claim))));
        AuthzAssert.Refused(AuthzRejectionReason.TokenMalformed, FromGateway(Root(claims => claims[claim] = null)));
        AuthzAssert.Refused(AuthzRejectionReason.TokenMalformed, FromGateway(Root(claims => claims[claim] = new JsonArray(claims[claim]!.DeepClone()))));
    }

    [Theory]
    [InlineData("nbf", "1")]
    [InlineData("rctx", "{}")]
    [InlineData("exp", "\"1780316520\"")]
    [InlineData("exp", "1780316520.5")]
    [InlineData("exp", "1.7803165e9")]
    [InlineData("iat", "-1")]
    [InlineData("iat", "9223372036854775807")]
    [InlineData("txn", "\"AAAA\"")]
    [InlineData("txn", "\"AAAAAAAAAAAAAAAAAAAAAB\"")]
    [InlineData("sub", "\"\"")]
    [InlineData("sub", "\"alice smith\"")]
    [InlineData("scope", "\" orders:read\"")]
    [InlineData("scope", "\"orders:read  orders:write\"")]
    [InlineData("scope", "\"orders:read orders:read\"")]
    [InlineData("scope", "\"ORDERS\"")]
    [InlineData("req_wl", "\"gateway\"")]
    [InlineData("req_wl", "\"spiffe://example.test\"")]
    [InlineData("tctx", "{}")]
    [InlineData("tctx", "{\"tenant_id\":\"\"}")]
    [InlineData("tctx", "{\"tenant_id\":\"ACME\"}")]
    [InlineData("tctx", "{\"tenant_id\":\"acme\",\"role\":\"admin\"}")]
    public void An_unknown_or_impossible_claim_of_a_root_is_refused(string claim, string json) =>
        AuthzAssert.Refused(AuthzRejectionReason.TokenMalformed, FromGateway(Root(claims => claims[claim] = JsonNode.Parse(json))));

    [Fact]
    public void A_scope_of_more_than_64_permissions_is_refused()
    {
        var many = string.Join(' ', Enumerable.Range(0, 65).Select(n => $"p{n}"));

        AuthzAssert.Refused(AuthzRejectionReason.TokenMalformed, FromGateway(Root(claims => claims["scope"] = many)));
        AuthzAssert.Refused(AuthzRejectionReason.MintPermissionNotGranted, FromGateway(Root(claims => claims["scope"] = many[..many.LastIndexOf(' ')])));
    }

    [Fact]
    public void An_empty_scope_means_no_permission()
    {
        var root = Root(claims => claims["scope"] = string.Empty);
        var link = Forge.Link(_mesh.Gateway, Now, root, TestMesh.OrdersId, claims => claims["scope"] = string.Empty);

        Assert.Empty(AuthzAssert.Accepted(Verify(root, [link], [_mesh.Gateway], _mesh.Gateway)).Permissions);
    }

    [Theory]
    [InlineData("prv", null)]
    [InlineData("prv", "\"\"")]
    [InlineData("to", null)]
    [InlineData("to", "\"orders\"")]
    [InlineData("to", "\"queue:orders\"")]
    [InlineData("scope", null)]
    [InlineData("scope", "[\"orders:read\"]")]
    [InlineData("iat", null)]
    [InlineData("exp", null)]
    [InlineData("exp", "\"1780316520\"")]
    [InlineData("tctx", "{}")]
    public void A_link_whose_claims_are_not_exactly_the_expected_ones_is_refused(string claim, string? json)
    {
        var root = Root();
        var link = Forge.Link(_mesh.Gateway, Now, root, TestMesh.OrdersId, claims =>
        {
            claims.Remove(claim);
            if (json is not null)
            {
                claims[claim] = JsonNode.Parse(json);
            }
        });

        AuthzAssert.Refused(AuthzRejectionReason.LinkMalformed, Verify(root, [link], [_mesh.Gateway], _mesh.Gateway));
    }

    // Rule 1: the chain
    [Fact]
    public void A_root_alone_is_never_accepted() =>
        AuthzAssert.Refused(AuthzRejectionReason.ChainMissing, Verify(new TxnHeaders(Root(), string.Empty, Forge.Certs(_mesh.Gateway)), _mesh.Gateway));

    [Fact]
    public void Four_links_are_accepted_and_five_refused()
    {
        TestCertificate[] signers = [_mesh.Gateway, _mesh.Audit, _mesh.Billing, _mesh.Audit, _mesh.Billing];
        string[] names = [TestMesh.AuditId, TestMesh.BillingId, TestMesh.AuditId, TestMesh.BillingId];

        var root = Root();

        AuthzAssert.Accepted(Verify(root, Hops(4), signers[..4], signers[3]));
        AuthzAssert.Refused(AuthzRejectionReason.ChainTooLong, Verify(root, Hops(5), signers, signers[4]));

        List<string> Hops(int count)
        {
            var links = new List<string>();
            for (var i = 0; i < count; i++)
            {
                links.Add(Forge.Link(signers[i], Now, links.LastOrDefault() ?? root, i == count - 1 ? TestMesh.OrdersId : names[i]));
            }

            return links;
        }
    }

    [Theory]
    [InlineData("~")]
    [InlineData("x~")]
    public void An_empty_place_in_the_chain_is_refused(string before)
    {
        var root = Root();
        var link = Forge.Link(_mesh.Gateway, Now, root, TestMesh.OrdersId);

        AuthzAssert.Refused("jose.part_count", Verify(new TxnHeaders(root, before + link, Forge.Certs(_mesh.Gateway)), _mesh.Gateway));
    }

    // Rule 1: the certificates
    [Fact]
    public void Certificates_that_are_repeated_not_canonical_or_too_many_are_refused()
    {
        var root = Root();
        var link = Forge.Link(_mesh.Gateway, Now, root, TestMesh.OrdersId);
        var certs = Forge.Certs(_mesh.Gateway);

        AuthzAssert.Accepted(Certs(certs));
        AuthzAssert.Refused(AuthzRejectionReason.CertificatesMalformed, Certs(string.Empty));
        AuthzAssert.Refused(AuthzRejectionReason.CertificatesMalformed, Certs(certs + "~"));
        AuthzAssert.Refused(AuthzRejectionReason.CertificatesMalformed, Certs(certs + "~" + certs));
        AuthzAssert.Refused(AuthzRejectionReason.CertificatesMalformed, Certs(certs + "="));
        AuthzAssert.Refused(AuthzRejectionReason.CertificatesMalformed, Certs(certs.Replace('-', '+').Replace('_', '/') + "/+"));
        AuthzAssert.Refused(AuthzRejectionReason.CertificatesMalformed, Certs(string.Join('~', Enumerable.Range(0, 16).Select(n => CanonicalBase64Url.Encode([(byte)n])).Prepend(certs))));

        Verdict<AuthzContext> Certs(string text) => Verify(new TxnHeaders(root, link, text), _mesh.Gateway);
    }

    // Rule 2
    [Fact]
    public void A_signature_whose_certificate_was_not_sent_is_refused()
    {
        var root = Root();
        var link = Forge.Link(_mesh.Gateway, Now, root, TestMesh.OrdersId);

        AuthzAssert.Refused(AuthzRejectionReason.SignerCertificateMissing, Verify(root, [link], [_mesh.Audit], _mesh.Gateway));
    }

    [Fact]
    public void A_signer_of_another_authority_is_refused()
    {
        using var authority = TestCertificateAuthority.Create("other root", _mesh.Time);
        using var stranger = authority.Issue(TestMesh.GatewayId);

        AuthzAssert.Refused(AuthzRejectionReason.SignerUntrusted, FromGateway(Forge.Root(stranger, Now), stranger));
    }

    [Fact]
    public void A_signer_has_to_be_good_for_clients_and_servers_and_valid_now()
    {
        using var serverOnly = _mesh.Authority.Issue(options => (options.SpiffeId, options.ClientAuth) = (TestMesh.GatewayId, false));
        using var clientOnly = _mesh.Authority.Issue(options => (options.SpiffeId, options.ServerAuth) = (TestMesh.GatewayId, false));
        using var expired = _mesh.Authority.Issue(options => (options.SpiffeId, options.NotBefore, options.NotAfter) = (TestMesh.GatewayId, Now.AddHours(-1), Now.AddMinutes(-1)));

        AuthzAssert.Refused(AuthzRejectionReason.SignerUntrusted, FromGateway(Forge.Root(serverOnly, Now), serverOnly));
        AuthzAssert.Refused(AuthzRejectionReason.SignerUntrusted, FromGateway(Forge.Root(clientOnly, Now), clientOnly));
        AuthzAssert.Refused(AuthzRejectionReason.SignerUntrusted, FromGateway(Forge.Root(expired, Now), expired));
        AuthzAssert.Accepted(FromGateway(Forge.Root(_mesh.Gateway, Now), _mesh.Gateway));
    }

    [Fact]
    public void An_untrusted_certificate_anywhere_in_the_chain_is_refused()
    {
        using var authority = TestCertificateAuthority.Create("other root", _mesh.Time);
        using var stranger = authority.Issue(TestMesh.AuditId);
        var root = Root();
        var first = Forge.Link(_mesh.Gateway, Now, root, TestMesh.AuditId);

        AuthzAssert.Refused(AuthzRejectionReason.SignerUntrusted, Verify(root, [first, Forge.Link(stranger, Now, first, TestMesh.OrdersId)], [_mesh.Gateway, stranger], _mesh.Audit));
        AuthzAssert.Accepted(Verify(root, [first, Forge.Link(_mesh.Audit, Now, first, TestMesh.OrdersId)], [_mesh.Gateway, _mesh.Audit], _mesh.Audit));
    }

    [Fact]
    public void A_signer_behind_an_intermediate_needs_it_sent()
    {
        using var intermediate = _mesh.Authority.CreateIntermediate("mesh intermediate");
        using var gateway = intermediate.Issue(TestMesh.GatewayId);
        var root = Forge.Root(gateway, Now);
        var link = Forge.Link(gateway, Now, root, TestMesh.OrdersId);

        AuthzAssert.Accepted(Verify(root, [link], [gateway], _mesh.Gateway));
        AuthzAssert.Refused(AuthzRejectionReason.SignerUntrusted, Verify(new TxnHeaders(root, link, CanonicalBase64Url.Encode(gateway.Certificate.RawData)), _mesh.Gateway));
    }

    [Fact]
    public void A_signer_without_a_name_is_refused_and_one_with_a_single_dns_name_has_one()
    {
        using var unnamed = _mesh.Authority.Issue(options =>
        {
            options.DnsNames.Add("a.example.test");
            options.DnsNames.Add("b.example.test");
        });
        using var named = _mesh.Authority.Issue(options => options.DnsNames.Add("gateway.example.test"));

        AuthzAssert.Refused(AuthzRejectionReason.SignerUnnamed, FromGateway(Forge.Root(unnamed, Now), unnamed));
        AuthzAssert.Refused(AuthzRejectionReason.MintGrantMissing, FromGateway(Forge.Root(named, Now), named));
    }

    // Rule 3
    [Fact]
    public void A_root_signed_with_another_key_than_it_names_is_refused()
    {
        var forged = Forge.Token(_mesh.Audit, Forge.Header(_mesh.Gateway, "txntoken+jwt"), Forge.RootClaims(Now));

        AuthzAssert.Refused("jose.signature_invalid", FromGateway(forged));
    }

    [Fact]
    public void Only_a_holder_of_a_mint_grant_may_mint()
    {
        var root = Forge.Token(_mesh.Audit, "txntoken+jwt", Forge.RootClaims(Now, TestMesh.AuditId));
        var link = Forge.Link(_mesh.Audit, Now, root, TestMesh.OrdersId);

        AuthzAssert.Refused(AuthzRejectionReason.MintGrantMissing, Verify(root, [link], [_mesh.Audit], _mesh.Audit));
    }

    [Fact]
    public void Without_any_grant_nothing_is_believed()
    {
        using var orders = _mesh.Run(_mesh.Orders, _ => { });
        var root = Root();

        AuthzAssert.Refused(AuthzRejectionReason.MintGrantMissing, orders.Verifier.Verify(new TxnHeaders(root, Forge.Link(_mesh.Gateway, Now, root, TestMesh.OrdersId), Forge.Certs(_mesh.Gateway)), orders.Peer(_mesh.Gateway)));
    }

    [Fact]
    public void The_grant_has_to_cover_the_tenant()
    {
        AuthzAssert.Accepted(FromGateway(Root(claims => claims["tctx"]!["tenant_id"] = "globex")));
        AuthzAssert.Refused(AuthzRejectionReason.MintTenantNotGranted, FromGateway(Root(claims => claims["tctx"]!["tenant_id"] = "initech")));
    }

    [Fact]
    public void The_grant_has_to_cover_the_kind_of_subject()
    {
        AuthzAssert.Accepted(FromGateway(Root(claims => claims["sub"] = "idp/system:x")));
        AuthzAssert.Refused(AuthzRejectionReason.MintSubjectKindNotGranted, FromGateway(Root(claims => claims["sub"] = "system:x")));
    }

    [Fact]
    public void A_system_subject_is_the_signer_unless_the_grant_lists_others()
    {
        using var strict = RunSystem();
        using var listing = RunSystem("system:" + TestMesh.BillingId);

        AuthzAssert.Accepted(VerifySystem(strict, TestMesh.GatewayId));
        AuthzAssert.Refused(AuthzRejectionReason.MintSubjectNotGranted, VerifySystem(strict, TestMesh.BillingId));
        AuthzAssert.Refused(AuthzRejectionReason.MintSubjectNotGranted, VerifySystem(strict, "root"));
        AuthzAssert.Accepted(VerifySystem(listing, TestMesh.BillingId));
        AuthzAssert.Refused(AuthzRejectionReason.MintSubjectNotGranted, VerifySystem(listing, TestMesh.AuditId));

        TestService RunSystem(params string[] others) => _mesh.Run(_mesh.Orders, options =>
        {
            TestMesh.GrantGateway(options);
            options.MintGrants[0].SubjectKinds = [SubjectKind.System];
            options.MintGrants[0].SystemSubjects = others;
        });

        Verdict<AuthzContext> VerifySystem(TestService receiver, string workload)
        {
            var root = Root(claims => claims["sub"] = "system:" + workload);
            return receiver.Verifier.Verify(
                new TxnHeaders(root, Forge.Link(_mesh.Gateway, Now, root, TestMesh.OrdersId), Forge.Certs(_mesh.Gateway)), receiver.Peer(_mesh.Gateway));
        }
    }

    [Fact]
    public void The_grant_is_a_ceiling_of_permissions()
    {
        AuthzAssert.Accepted(FromGateway(Root(claims => claims["scope"] = "orders:read orders:write invoice:write")));
        AuthzAssert.Refused(AuthzRejectionReason.MintPermissionNotGranted, FromGateway(Root(claims => claims["scope"] = "orders:read orders:write orders:delete")));
    }

    [Fact]
    public void The_grant_limits_the_lifetime()
    {
        AuthzAssert.Accepted(FromGateway(Root(claims => claims["exp"] = Forge.Seconds(Now) + 120)));
        AuthzAssert.Refused(AuthzRejectionReason.MintLifetimeNotGranted, FromGateway(Root(claims => claims["exp"] = Forge.Seconds(Now) + 121)));
    }

    [Fact]
    public void Issuer_and_first_holder_are_the_signer()
    {
        AuthzAssert.Refused(AuthzRejectionReason.IssuerMismatch, FromGateway(Root(claims => claims["iss"] = TestMesh.AuditId)));
        AuthzAssert.Refused(AuthzRejectionReason.RequesterMismatch, FromGateway(Root(claims => claims["req_wl"] = TestMesh.AuditId)));
    }

    // Rule 4
    [Fact]
    public void A_context_of_another_trust_domain_is_refused() =>
        AuthzAssert.Refused(AuthzRejectionReason.AudienceMismatch, FromGateway(Root(claims => claims["aud"] = "other.test")));

    [Fact]
    public void Issue_time_may_lie_exactly_the_clock_skew_ahead()
    {
        AuthzAssert.Accepted(FromGateway(Root(claims => claims["iat"] = Forge.Seconds(Now) + 5)));
        AuthzAssert.Refused(AuthzRejectionReason.NotYetValid, FromGateway(Root(claims => claims["iat"] = Forge.Seconds(Now) + 6)));
    }

    [Fact]
    public void Expiry_allows_less_than_the_clock_skew()
    {
        var root = Root();
        _mesh.Time.Advance(TimeSpan.FromSeconds(124.999));
        AuthzAssert.Accepted(FromGateway(root, issued: TestMesh.Start));

        _mesh.Time.Advance(TimeSpan.FromSeconds(0.001));
        using var fresh = _mesh.Run(_mesh.Orders);
        AuthzAssert.Refused(AuthzRejectionReason.Expired, fresh.Verifier.Verify(Headers(root, TestMesh.Start), fresh.Peer(_mesh.Gateway)));
    }

    [Fact]
    public void A_root_that_ends_before_it_begins_is_refused() =>
        AuthzAssert.Refused(AuthzRejectionReason.LifetimeRefused, FromGateway(Root(claims => claims["exp"] = Forge.Seconds(Now))));

    // Rule 5
    [Fact]
    public void A_link_signed_with_another_key_than_it_names_is_refused()
    {
        var root = Root();
        var link = Forge.Token(_mesh.Audit, Forge.Header(_mesh.Gateway, "zt-link+jwt"), Forge.LinkClaims(Now, root, TestMesh.OrdersId));

        AuthzAssert.Refused("jose.signature_invalid", Verify(root, [link], [_mesh.Gateway], _mesh.Gateway));
    }

    [Fact]
    public void Only_the_holder_may_hand_a_context_on()
    {
        var root = Root();
        var stolen = Forge.Link(_mesh.Audit, Now, root, TestMesh.OrdersId);
        var toBilling = Forge.Link(_mesh.Gateway, Now, root, TestMesh.BillingId);

        AuthzAssert.Refused(AuthzRejectionReason.LinkSignerMismatch, Verify(root, [stolen], [_mesh.Gateway, _mesh.Audit], _mesh.Audit));
        AuthzAssert.Refused(AuthzRejectionReason.LinkSignerMismatch, Verify(root, [toBilling, Forge.Link(_mesh.Audit, Now, toBilling, TestMesh.OrdersId)], [_mesh.Gateway, _mesh.Audit], _mesh.Audit));
        AuthzAssert.Accepted(Verify(root, [toBilling, Forge.Link(_mesh.Billing, Now, toBilling, TestMesh.OrdersId)], [_mesh.Gateway, _mesh.Billing], _mesh.Billing));
    }

    [Fact]
    public void A_holder_may_sign_with_a_renewed_certificate()
    {
        using var renewed = _mesh.Authority.Issue(TestMesh.GatewayId);
        var root = Root();

        AuthzAssert.Accepted(Verify(root, [Forge.Link(renewed, Now, root, TestMesh.OrdersId)], [_mesh.Gateway, renewed], _mesh.Gateway));
    }

    [Fact]
    public void A_link_taken_from_another_context_is_refused()
    {
        var link = Forge.Link(_mesh.Gateway, Now, Root(claims => claims["sub"] = "idp/mallory"), TestMesh.OrdersId);

        AuthzAssert.Refused(AuthzRejectionReason.ChainBroken, Verify(Root(), [link], [_mesh.Gateway], _mesh.Gateway));
    }

    [Fact]
    public void A_narrowing_link_cannot_be_dropped_from_the_middle()
    {
        var root = Root();
        var first = Forge.Link(_mesh.Gateway, Now, root, TestMesh.BillingId);
        var narrowed = Forge.Link(_mesh.Billing, Now, first, TestMesh.BillingId, claims => claims["scope"] = "orders:read");
        var last = Forge.Link(_mesh.Billing, Now, narrowed, TestMesh.OrdersId, claims => claims["scope"] = "orders:read");
        TestCertificate[] signers = [_mesh.Gateway, _mesh.Billing];

        AuthzAssert.Accepted(Verify(root, [first, narrowed, last], signers, _mesh.Billing));
        AuthzAssert.Refused(AuthzRejectionReason.ChainBroken, Verify(root, [first, last], signers, _mesh.Billing));
        AuthzAssert.Refused(AuthzRejectionReason.ChainBroken, Verify(root, [first, last, narrowed], signers, _mesh.Billing));
    }

    [Fact]
    public void Permissions_only_shrink()
    {
        var root = Root(claims => claims["scope"] = "orders:read");

        AuthzAssert.Accepted(Verify(root, [Link("orders:read")], [_mesh.Gateway], _mesh.Gateway));
        Assert.Empty(AuthzAssert.Accepted(Verify(root, [Link(string.Empty)], [_mesh.Gateway], _mesh.Gateway)).Permissions);
        AuthzAssert.Refused(AuthzRejectionReason.ScopeWidened, Verify(root, [Link("orders:read orders:write")], [_mesh.Gateway], _mesh.Gateway));
        AuthzAssert.Refused(AuthzRejectionReason.ScopeWidened, Verify(root, [Link("orders:rea")], [_mesh.Gateway], _mesh.Gateway));

        string Link(string scope) => Forge.Link(_mesh.Gateway, Now, root, TestMesh.OrdersId, claims => claims["scope"] = scope);
    }

    [Fact]
    public void A_dropped_permission_does_not_come_back()
    {
        var root = Root();
        var narrowed = Forge.Link(_mesh.Gateway, Now, root, TestMesh.BillingId, claims => claims["scope"] = "orders:read");
        var widened = Forge.Link(_mesh.Billing, Now, narrowed, TestMesh.OrdersId);

        AuthzAssert.Refused(AuthzRejectionReason.ScopeWidened, Verify(root, [narrowed, widened], [_mesh.Gateway, _mesh.Billing], _mesh.Billing));
    }

    [Fact]
    public void A_link_does_not_outlast_what_it_hands_on()
    {
        var root = Root(claims => claims["exp"] = Forge.Seconds(Now) + 60);

        AuthzAssert.Accepted(Verify(root, [Link(60)], [_mesh.Gateway], _mesh.Gateway));
        Assert.Equal(Now.AddSeconds(59), AuthzAssert.Accepted(Verify(root, [Link(59)], [_mesh.Gateway], _mesh.Gateway)).ExpiresAt);
        AuthzAssert.Refused(AuthzRejectionReason.LinkExpiryExtended, Verify(root, [Link(61)], [_mesh.Gateway], _mesh.Gateway));

        string Link(int seconds) => Forge.Link(_mesh.Gateway, Now, root, TestMesh.OrdersId, claims => claims["exp"] = Forge.Seconds(Now) + seconds);
    }

    [Fact]
    public void A_link_does_not_outlast_its_signers_certificate()
    {
        using var gateway = _mesh.Authority.Issue(options => (options.SpiffeId, options.NotAfter) = (TestMesh.GatewayId, Now.AddSeconds(30)));
        var root = Forge.Root(gateway, Now);

        AuthzAssert.Accepted(Verify(root, [Link(30)], [gateway], _mesh.Gateway));
        AuthzAssert.Refused(AuthzRejectionReason.LinkOutlivesSigner, Verify(root, [Link(31)], [gateway], _mesh.Gateway));

        string Link(int seconds) => Forge.Link(gateway, Now, root, TestMesh.OrdersId, claims => claims["exp"] = Forge.Seconds(Now) + seconds);
    }

    [Fact]
    public void A_link_is_judged_by_the_clock_like_its_root()
    {
        var root = Root();

        AuthzAssert.Accepted(Verify(root, [Link("iat", 5)], [_mesh.Gateway], _mesh.Gateway));
        AuthzAssert.Refused(AuthzRejectionReason.NotYetValid, Verify(root, [Link("iat", 6)], [_mesh.Gateway], _mesh.Gateway));
        root = Forge.Root(_mesh.Gateway, Now.AddSeconds(-60));
        AuthzAssert.Accepted(Verify(root, [Link("exp", -4, issued: -60)], [_mesh.Gateway], _mesh.Gateway));
        AuthzAssert.Refused(AuthzRejectionReason.Expired, Verify(root, [Link("exp", -5, issued: -60)], [_mesh.Gateway], _mesh.Gateway));

        string Link(string claim, int seconds, int issued = 0) => Forge.Link(_mesh.Gateway, Now.AddSeconds(issued), root, TestMesh.OrdersId, claims =>
        {
            claims["exp"] = Forge.Seconds(Now) + 50;
            claims[claim] = Forge.Seconds(Now) + seconds;
        });
    }

    [Fact]
    public void A_link_is_not_issued_before_its_root_beyond_what_clocks_differ()
    {
        var root = Root();

        AuthzAssert.Accepted(Verify(root, [Link(-5)], [_mesh.Gateway], _mesh.Gateway));
        AuthzAssert.Refused(AuthzRejectionReason.LifetimeRefused, Verify(root, [Link(-6)], [_mesh.Gateway], _mesh.Gateway));
        AuthzAssert.Refused(AuthzRejectionReason.LifetimeRefused, Verify(root, [Link(-Forge.Seconds(Now))], [_mesh.Gateway], _mesh.Gateway));

        string Link(long seconds) => Forge.Link(_mesh.Gateway, Now, root, TestMesh.OrdersId, claims => claims["iat"] = Forge.Seconds(Now) + seconds);
    }

    [Fact]
    public void A_link_is_not_issued_before_the_link_it_follows_beyond_what_clocks_differ()
    {
        var root = Forge.Root(_mesh.Gateway, Now.AddSeconds(-20));
        var first = Forge.Link(_mesh.Gateway, Now.AddSeconds(-10), root, TestMesh.BillingId, claims => claims["exp"] = Forge.Seconds(Now) + 60);

        AuthzAssert.Accepted(Verify(root, [first, Second(-15)], [_mesh.Gateway, _mesh.Billing], _mesh.Billing));
        AuthzAssert.Refused(AuthzRejectionReason.LifetimeRefused, Verify(root, [first, Second(-16)], [_mesh.Gateway, _mesh.Billing], _mesh.Billing));

        string Second(int seconds) => Forge.Link(
            _mesh.Billing, Now.AddSeconds(seconds), first, TestMesh.OrdersId, claims => claims["exp"] = Forge.Seconds(Now) + 60);
    }

    [Fact]
    public void A_link_ends_after_it_was_issued()
    {
        var root = Root();

        AuthzAssert.Accepted(Verify(root, [Link(1)], [_mesh.Gateway], _mesh.Gateway));
        AuthzAssert.Refused(AuthzRejectionReason.LifetimeRefused, Verify(root, [Link(0)], [_mesh.Gateway], _mesh.Gateway));

        string Link(int seconds) => Forge.Link(_mesh.Gateway, Now, root, TestMesh.OrdersId, claims => claims["exp"] = Forge.Seconds(Now) + seconds);
    }

    // Rule 6
    [Fact]
    public void A_context_handed_to_another_workload_is_refused()
    {
        var root = Root();

        AuthzAssert.Refused(AuthzRejectionReason.NotAddressedHere, Verify(root, [Forge.Link(_mesh.Gateway, Now, root, TestMesh.BillingId)], [_mesh.Gateway], _mesh.Gateway));
    }

    [Fact]
    public void A_chain_with_its_last_link_stripped_is_refused()
    {
        var root = Root();
        var toBilling = Forge.Link(_mesh.Gateway, Now, root, TestMesh.BillingId);
        var toOrders = Forge.Link(_mesh.Billing, Now, toBilling, TestMesh.OrdersId, claims => claims["scope"] = string.Empty);
        TestCertificate[] signers = [_mesh.Gateway, _mesh.Billing];

        AuthzAssert.Accepted(Verify(root, [toBilling, toOrders], signers, _mesh.Billing));
        AuthzAssert.Refused(AuthzRejectionReason.NotAddressedHere, Verify(root, [toBilling], signers, _mesh.Billing));
    }

    // Rule 7
    [Fact]
    public void A_captured_context_is_refused_from_anybody_else()
    {
        var headers = Headers(Root(), Now);

        AuthzAssert.Refused(AuthzRejectionReason.SenderMismatch, Verify(headers, _mesh.Audit));
        AuthzAssert.Refused(AuthzRejectionReason.SenderMismatch, Verify(headers, _mesh.Orders));
        AuthzAssert.Accepted(Verify(headers, _mesh.Gateway));
    }

    [Fact]
    public void A_sender_is_a_client()
    {
        var headers = Headers(Root(), Now);

        AuthzAssert.Refused(AuthzRejectionReason.SenderMismatch, _mesh.Receiver.Verifier.Verify(headers, _mesh.Receiver.Peer(_mesh.Gateway, PeerRole.Server)));
    }

    [Fact]
    public void A_sender_without_a_name_is_refused()
    {
        using var unnamed = _mesh.Authority.Issue(options =>
        {
            options.DnsNames.Add("a.example.test");
            options.DnsNames.Add("b.example.test");
        });

        AuthzAssert.Refused(AuthzRejectionReason.SenderMismatch, Verify(Headers(Root(), Now), unnamed));
    }

    [Fact]
    public void A_receiver_without_a_name_is_addressed_by_nobody()
    {
        using var unnamed = _mesh.Authority.Issue(options =>
        {
            options.DnsNames.Add("a.example.test");
            options.DnsNames.Add("b.example.test");
        });
        using var receiver = _mesh.Run(unnamed);

        AuthzAssert.Refused(AuthzRejectionReason.OwnWorkloadUnnamed, receiver.Verifier.Verify(Headers(Root(), Now), receiver.Peer(_mesh.Gateway)));
    }

    // All rules together
    [Fact]
    public void A_changed_character_anywhere_is_refused()
    {
        var headers = Headers(Root(), Now);
        var all = $"{headers.Token} {headers.Chain} {headers.Certs}";
        for (var i = 0; i < all.Length; i += 5)
        {
            var changed = (all[..i] + (all[i] == 'A' ? 'B' : 'A') + all[(i + 1)..]).Split(' ');
            if (changed.Length == 3)
            {
                Assert.False(Verify(new TxnHeaders(changed[0], changed[1], changed[2]), _mesh.Gateway).IsAccepted, $"accepted with character {i} changed");
            }
        }

        AuthzAssert.Accepted(Verify(headers, _mesh.Gateway));
    }

    private string Root(Action<JsonObject>? change = null) => Forge.Root(_mesh.Gateway, Now, change);

    private TxnHeaders Headers(string root, DateTimeOffset issued) =>
        new(root, Forge.Link(_mesh.Gateway, issued, root, TestMesh.OrdersId), Forge.Certs(_mesh.Gateway));

    /// <summary>Hands a root to Orders as the gateway would: its scope and end unchanged where they can be read.</summary>
    private Verdict<AuthzContext> FromGateway(string root, TestCertificate? signer = null, DateTimeOffset? issued = null)
    {
        signer ??= _mesh.Gateway;
        var link = Forge.Link(signer, issued ?? Now, root, TestMesh.OrdersId);
        return Verify(root, [link], [signer], _mesh.Gateway);
    }

    private Verdict<AuthzContext> Verify(string root, IReadOnlyList<string> links, IReadOnlyList<TestCertificate> signers, TestCertificate sender) =>
        Verify(new TxnHeaders(root, string.Join('~', links), Forge.Certs(signers)), sender);

    private Verdict<AuthzContext> Verify(TxnHeaders headers, TestCertificate sender) => _mesh.Receiver.Verifier.Verify(headers, _mesh.Receiver.Peer(sender));
}

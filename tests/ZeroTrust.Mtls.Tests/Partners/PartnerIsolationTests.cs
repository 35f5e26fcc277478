using Microsoft.Extensions.DependencyInjection;
using ZeroTrust.Mtls.Internal;
using ZeroTrust.Mtls.Tests.Support;
using ZeroTrust.Testing;
using ZeroTrust.X509;

namespace ZeroTrust.Mtls.Tests.Partners;

/// <summary>What a partner's authority can sign, it can sign for the partner's server alone.</summary>
public sealed class PartnerIsolationTests : IDisposable
{
    private readonly PartnerWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Theory]
    [InlineData(World.Billing, false)]
    [InlineData(World.Orders, false)]
    [InlineData(World.Billing, true)]
    [InlineData("spiffe://bank.example/api", true)]
    [InlineData("spiffe://api.bank.example/api", true)]
    [InlineData("SPIFFE://example.test/billing", true)]
    public async Task A_leaf_with_a_spiffe_id_is_not_the_partners_server(string id, bool withName)
    {
        using var leaf = _world.Issue(options =>
        {
            options.SpiffeId = id;
            options.ClientAuth = true;
            if (!withName)
            {
                options.DnsNames.Clear();
            }
        });
        await using var site = await PartnerSite.StartAsync(leaf);
        await using var services = _world.NewServices();

        Assert.Equal("mtls.server_identity_mismatch", (await services.RefuseAsync(PartnerWorld.Server, site)).Code);
    }

    [Fact]
    public async Task A_workload_signed_by_the_partner_is_no_other_server()
    {
        using var leaf = Forged(World.Billing);
        await using var site = await PartnerSite.StartAsync(leaf);
        await using var services = _world.NewServices();

        Assert.Equal("x509.untrusted_anchor", (await services.RefuseAsync("billing", site)).Code);
    }

    [Theory]
    [InlineData(World.Billing)]
    [InlineData("spiffe://api.bank.example/api")]
    [InlineData(null)]
    public async Task What_the_partner_signs_is_refused_where_peers_connect(string? id)
    {
        using var leaf = Forged(id);
        await using var services = _world.NewServices();

        // First as the server it may be, so that nothing learnt there helps it here.
        _ = services.GetRequiredService<MtlsServers>().Find(PartnerWorld.Server).Verify(leaf.ToPeerCertificates());
        var verifier = services.GetRequiredService<PeerVerifier>();

        Assert.All([PeerRole.Client, PeerRole.Server], role => Assert.False(verifier.Verify(leaf.ToPeerCertificates(), role).IsAccepted));
    }

    [Fact]
    public async Task A_client_with_the_partners_certificate_is_refused_by_a_mesh_server()
    {
        using var billing = _world.World.Intermediate.Issue(World.Billing);
        using var forged = Forged(World.Orders);
        await using var services = _world.NewServices(credentials: new MemoryPeerCredentialSource(billing.ToCredential()));
        _ = services.GetRequiredService<MtlsServers>();
        await using var server = await MeshServer.StartAsync(
            services.GetRequiredService<PeerTls>(), new PeerAllowList(WorkloadId.Parse(World.Orders), WorkloadId.Parse(PartnerWorld.Workload)));
        using var client = new BoundClient(_world.World, forged);

        await Assert.ThrowsAnyAsync<Exception>(() => client.GetAsync(server.Address));

        Assert.Equal("x509.untrusted_anchor", Assert.Single(server.Refusals).Code);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task A_partner_is_no_server_of_another_partner_and_its_name_is_no_other_name()
    {
        using var shopRoot = TestCertificateAuthority.Create("shop root", _world.World.Time);
        using var bankLeaf = _world.Issue();
        using var shopLeaf = _world.Issue(issuer: shopRoot);
        using var shopOwn = shopRoot.Issue(options => PartnerWorld.LikePublic(options, World.Start, "shop.example"));
        var shopFile = shopRoot.WriteAnchorTo(_world.Folder, "shop");
        await using var services = _world.NewServices(options => options.Servers["shop"] =
            new ServerOptions { Workload = "dns:shop.example", AnchorFile = shopFile, MaxLeafLifetime = PartnerWorld.NinetyDays });
        var servers = services.GetRequiredService<MtlsServers>();

        Check.Accepted(servers.Find(PartnerWorld.Server).Verify(bankLeaf.ToPeerCertificates()));
        Check.Accepted(servers.Find("shop").Verify(shopOwn.ToPeerCertificates()));
        Check.Refused(servers.Find(PartnerWorld.Server).Verify(shopLeaf.ToPeerCertificates()), X509RejectionReason.UntrustedAnchor);
        Check.Refused(servers.Find("shop").Verify(bankLeaf.ToPeerCertificates()), X509RejectionReason.NameMismatch);
        Check.Refused(servers.Find("shop").Verify(shopLeaf.ToPeerCertificates()), X509RejectionReason.NameMismatch);
    }

    [Fact]
    public void The_own_authority_does_not_speak_for_a_partner()
    {
        using var leaf = _world.Issue(issuer: _world.World.Intermediate);

        Check.Refused(_world.Verify(leaf), X509RejectionReason.UntrustedAnchor);
        Check.Refused(
            _world.Verify(leaf, options => options.Servers["own"] = PartnerWorld.Workload, "own"), MtlsRejectionReason.LifetimeTooLong);
    }

    [Fact]
    public void The_life_and_the_wildcard_of_a_partner_are_nobody_elses()
    {
        using var longLived = _world.World.Intermediate.Issue(options => (options.SpiffeId, options.NotAfter) = (World.Billing, World.Start.AddDays(30)));
        using var wildcard = _world.World.Intermediate.Issue(options => options.DnsNames.Add("*.bank.example"));

        Check.Refused(_world.Verify(longLived, server: "billing"), MtlsRejectionReason.LifetimeTooLong);
        Check.Refused(
            _world.Verify(wildcard, options => options.Servers["own"] = PartnerWorld.Workload, "own"), MtlsRejectionReason.ServerIdentityMismatch);
    }

    [Fact]
    public async Task What_code_weakens_for_a_trust_domain_of_the_same_name_is_not_weakened_for_a_partner()
    {
        using var leaf = _world.Issue();
        await using var services = _world.NewServices(
            options => options.Servers[PartnerWorld.Server].MaxLeafLifetime = null, dangers => dangers.AllowNoRevocation(PartnerWorld.Name, "a test"));

        Check.Refused(services.GetRequiredService<MtlsServers>().Find(PartnerWorld.Server).Verify(leaf.ToPeerCertificates()), MtlsRejectionReason.LifetimeTooLong);
    }

    [Fact]
    public async Task A_proof_of_the_partners_server_names_no_workload_and_is_none_elsewhere()
    {
        using var leaf = _world.Issue();
        await using var services = _world.NewServices();
        var proof = Check.Accepted(services.GetRequiredService<MtlsServers>().Find(PartnerWorld.Server).Verify(leaf.ToPeerCertificates()));

        Assert.Null(proof.Workload);
        Assert.Equal(PeerRole.Server, proof.Role);
        Check.Refused(services.GetRequiredService<PeerVerifier>().Recheck(proof), MtlsRejectionReason.LifetimeTooLong);
        Check.Refused(new PeerAllowList(WorkloadId.Parse(PartnerWorld.Workload)).Check(proof), MtlsRejectionReason.NoWorkloadId);
    }

    [Fact]
    public async Task The_verifier_of_a_partner_judges_no_client()
    {
        using var leaf = _world.Issue(options => options.ClientAuth = true);
        await using var services = _world.NewServices();

        Check.Refused(
            services.GetRequiredService<MtlsServers>().Find(PartnerWorld.Server).Verifier.Verify(leaf.ToPeerCertificates(), PeerRole.Client),
            MtlsRejectionReason.VerificationFailed);
    }

    [Fact]
    public async Task The_deny_list_holds_for_partners_and_cuts_what_is_open()
    {
        using var leaf = _world.Issue();
        await using var site = await PartnerSite.StartAsync(leaf);
        await using var services = _world.NewServices();
        using var client = services.NewClient(PartnerWorld.Server);
        await client.GetStringAsync(site.Address, TestContext.Current.CancellationToken);

        _world.World.Bundles.Replace(new TrustBundleSet(_world.World.Bundles.GetBundles(), new DenyList(workloads: [WorkloadId.Parse(PartnerWorld.Workload)])));

        await Eventually.TrueAsync(() => _world.Logs.GetSnapshot().Any(record => record.Id.Name == "ServerConnectionAborted"), "The open connection was not cut.");
        Assert.Equal("mtls.workload_denied", (await services.RefuseAsync(PartnerWorld.Server, site)).Code);
    }

    private TestCertificate Forged(string? id) => _world.Issuing.Issue(options =>
    {
        options.SpiffeId = id;
        if (id is null)
        {
            options.DnsNames.Add(PartnerWorld.Name);
        }
    });
}

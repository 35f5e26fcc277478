using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.DependencyInjection;
using ZeroTrust.Mtls.Tests.Support;
using ZeroTrust.Testing;
using ZeroTrust.X509;

namespace ZeroTrust.Mtls.Tests.Partners;

/// <summary>A server that is a partner's is known by its DNS name, under the partner's roots and for as long as its leaves live.</summary>
public sealed class PartnerServerTests : IDisposable
{
    private readonly PartnerWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Theory]
    [InlineData(PartnerWorld.Name)]
    [InlineData("www.bank.example", PartnerWorld.Name)]
    [InlineData("*.bank.example")]
    [InlineData("bank.example", "*.bank.example")]
    [InlineData("API.Bank.Example")]
    public async Task A_leaf_of_ninety_days_with_the_name_or_a_wildcard_for_its_first_label_is_called(params string[] names)
    {
        using var leaf = _world.IssueFor(names);
        await using var site = await PartnerSite.StartAsync(leaf);
        await using var services = _world.NewServices();

        Assert.Equal("Tls13", await services.CallAsync(PartnerWorld.Server, site));

        Assert.Equal(PartnerWorld.Name, Assert.Single(site.ServerNames));
    }

    [Theory]
    [InlineData("www.bank.example")]
    [InlineData("bank.example")]
    [InlineData("*.example")]
    [InlineData("*.api.bank.example")]
    [InlineData("*.*.example")]
    [InlineData("*.com")]
    [InlineData("ap*.bank.example")]
    [InlineData("*")]
    [InlineData("localhost")]
    [InlineData("api.bank.example.evil.example")]
    public async Task Another_name_is_refused(string name)
    {
        using var leaf = _world.IssueFor(name);
        await using var site = await PartnerSite.StartAsync(leaf);
        await using var services = _world.NewServices();

        var rejection = await services.RefuseAsync(PartnerWorld.Server, site);

        Assert.Contains(rejection.Code, new[] { "x509.name_mismatch", "x509.extension_invalid" }, StringComparer.Ordinal);
    }

    [Fact]
    public void A_wildcard_stands_for_one_label_and_never_below_a_whole_registry()
    {
        using var wildcard = _world.IssueFor("*.bank.example");
        using var registry = _world.IssueFor("*.example");

        Check.Refused(_world.Verify(wildcard, Bind("dns:eu.api.bank.example")), X509RejectionReason.NameMismatch);
        Check.Refused(_world.Verify(wildcard, Bind("dns:bank.example")), X509RejectionReason.NameMismatch);
        Check.Refused(_world.Verify(registry, Bind("dns:bank.example")), X509RejectionReason.NameMismatch);
        Check.Accepted(_world.Verify(wildcard, Bind("dns:pay.bank.example")));
    }

    [Fact]
    public void The_common_name_and_an_address_are_no_names()
    {
        using var commonName = _world.Issue(options => options.DnsNames.Clear());
        using var address = _world.Issue(options =>
        {
            options.DnsNames.Clear();
            options.IpAddresses.Add(System.Net.IPAddress.Loopback);
            options.UriNames.Add("https://" + PartnerWorld.Name);
        });

        Check.Refused(_world.Verify(commonName), X509RejectionReason.NameMismatch);
        Check.Refused(_world.Verify(address), X509RejectionReason.NameMismatch);
    }

    [Fact]
    public void The_rules_of_spiffe_for_a_leaf_are_not_asked_of_a_partner()
    {
        using var uncritical = _world.Issue(options => options.KeyUsageCritical = false);
        using var without = _world.Issue(options => options.KeyUsage = null);
        using var both = _world.Issue(options => options.ClientAuth = true);
        using var rsa = _world.Issue(options => options.Key = TestKeyAlgorithm.Rsa2048);

        Assert.All([uncritical, without, both, rsa], leaf => Check.Accepted(_world.Verify(leaf)));
    }

    [Fact]
    public void What_every_path_has_to_keep_is_kept_by_a_partner_too()
    {
        using var client = _world.Issue(options => (options.ServerAuth, options.ClientAuth) = (false, true));
        using var anything = _world.Issue(options => options.ServerAuth = false);
        using var encipherment = _world.Issue(options => options.KeyUsage = X509KeyUsageFlags.KeyEncipherment);
        using var authority = _world.Issue(options => options.IsCa = true);
        using var sha1 = _world.Issue(options => options.WeakSignature = true);
        using var early = _world.Issue(options => (options.NotBefore, options.NotAfter) = (World.Start.AddMinutes(1), World.Start.AddDays(30)));
        using var expired = _world.Issue(options => (options.NotBefore, options.NotAfter) = (World.Start.AddDays(-30), World.Start.AddSeconds(-6)));

        Check.Refused(_world.Verify(client), X509RejectionReason.ExtendedKeyUsageMissing);
        Check.Refused(_world.Verify(anything), X509RejectionReason.ExtendedKeyUsageMissing);
        Check.Refused(_world.Verify(encipherment), X509RejectionReason.LeafKeyUsageInvalid);
        Check.Refused(_world.Verify(authority), X509RejectionReason.LeafIsCa);
        Check.Refused(_world.Verify(sha1), X509RejectionReason.SignatureAlgorithmRefused);
        Check.Refused(_world.Verify(early), X509RejectionReason.NotYetValid);
        Check.Refused(_world.Verify(expired), X509RejectionReason.Expired);
    }

    [Theory]
    [InlineData(90, null, false)]
    [InlineData(90, 90, true)]
    [InlineData(91, 90, false)]
    [InlineData(397, 398, true)]
    public void A_life_is_as_long_as_the_server_may_have(int days, int? limit, bool accepted)
    {
        using var leaf = _world.Issue(options => options.NotAfter = World.Start.AddDays(days));

        var verdict = _world.Verify(leaf, options => options.Servers[PartnerWorld.Server].MaxLeafLifetime = limit is { } most ? TimeSpan.FromDays(most) : null);

        Assert.Equal(accepted, verdict.IsAccepted);
        if (!accepted)
        {
            Assert.Contains(
                "ZeroTrust:Mtls:Servers:bank:MaxLeafLifetime", Check.Refused(verdict, MtlsRejectionReason.LifetimeTooLong).Detail, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Crls_of_the_partner_are_asked_about_its_whole_path()
    {
        using var leaf = _world.Issue();
        using var other = _world.Issue();
        var file = Path.Combine(_world.Folder, "bank.crl");
        Action<MtlsOptions> configure = options => options.Servers[PartnerWorld.Server].CrlFiles.Add(file);

        File.WriteAllText(file, FileWorld.Pem(_world.Root.IssueCrl([]), _world.Issuing.IssueCrl([other.Certificate])));
        Check.Accepted(_world.Verify(leaf, configure));
        Check.Refused(_world.Verify(other, configure), X509RejectionReason.Revoked);

        File.WriteAllText(file, FileWorld.Pem(_world.Issuing.IssueCrl([])));
        Check.Refused(_world.Verify(leaf, configure), X509RejectionReason.RevocationStatusUnavailable);
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData(false, false)]
    [InlineData(true, true)]
    public async Task The_own_certificate_is_sent_where_the_options_say_so(bool? sends, bool isSent)
    {
        using var leaf = _world.Issue();
        await using var site = await PartnerSite.StartAsync(leaf);
        await using var services = _world.NewServices(options => options.Servers[PartnerWorld.Server].SendCertificate = sends);

        await services.CallAsync(PartnerWorld.Server, site);

        Assert.Equal(isSent, Assert.Single(site.Presented) is not null);
    }

    [Fact]
    public async Task A_server_that_is_not_sent_the_own_certificate_is_called_when_that_has_ended()
    {
        using var leaf = _world.Issue();
        await using var site = await PartnerSite.StartAsync(leaf);
        await using var services = _world.NewServices(options =>
        {
            options.Servers["mutual"] = _world.Options;
            options.Servers["mutual"].SendCertificate = true;
        });
        _world.World.Clock.Advance(TimeSpan.FromHours(2));

        Assert.Equal("mtls.credential_expired", (await services.RefuseAsync("mutual", site)).Code);
        Assert.Equal("Tls13", await services.CallAsync(PartnerWorld.Server, site));
    }

    [Fact]
    public async Task A_client_of_the_factory_is_bound_by_the_name_of_the_server()
    {
        using var leaf = _world.Issue();
        await using var site = await PartnerSite.StartAsync(leaf);
        await using var services = _world.NewServices();
        var collection = new ServiceCollection();
        collection.AddSingleton(services.GetRequiredService<MtlsHandlerFactory>());
        collection.AddSingleton(new MtlsClients([new("payments", PartnerWorld.Server)], services.GetRequiredService<Microsoft.Extensions.Options.IOptions<MtlsOptions>>()));
        collection.AddHttpClient("payments").AddMtls(PartnerWorld.Server);
        await using var clients = collection.BuildServiceProvider();

        using var client = clients.GetRequiredService<IHttpClientFactory>().CreateClient("payments");

        Assert.Equal("Tls13", await client.GetStringAsync(site.Address, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void A_factory_made_by_hand_knows_no_partner()
    {
        var options = Microsoft.Extensions.Options.Options.Create(new MtlsOptions { TrustDomain = World.Domain, Servers = { [PartnerWorld.Server] = _world.Options } });
        var factory = new MtlsHandlerFactory(
            new PeerTls(_world.World.Verifier, _world.Credentials), _world.World.Verifier, _world.Credentials, options, _world.World.Time,
            Microsoft.Extensions.Logging.Abstractions.NullLogger<MtlsHandlerFactory>.Instance);

        Assert.Contains("AddMtls", Assert.Throws<InvalidOperationException>(() => factory.Create(PartnerWorld.Server)).Message, StringComparison.Ordinal);
    }

    private static Action<MtlsOptions> Bind(string workload) => options => options.Servers[PartnerWorld.Server].Workload = workload;
}

using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using ZeroTrust.Mtls;

namespace ZeroTrust.Authz.Tests;

/// <summary>A context is for workloads of a trust domain, and no partner learns it.</summary>
public sealed class PartnerContextTests : IDisposable
{
    private const string Refusal = "The HTTP client 'bank' sends contexts and is bound to a partner's server, which may not learn them; leave AddAuthz() out.";

    private readonly TestMesh _mesh = new();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("zerotrust-partner-");

    public void Dispose()
    {
        _mesh.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public void A_client_of_a_partner_that_sends_contexts_stops_the_host()
    {
        using var service = Run(new ServerOptions { Workload = "dns:api.bank.example", AnchorFile = AnchorFile() });

        Assert.Equal(Refusal, Assert.Single(Assert.Throws<OptionsValidationException>(() => Validate(service)).Failures));
    }

    [Fact]
    public void So_does_one_of_a_server_under_the_systems_roots()
    {
        using var service = Run(
            new ServerOptions { Workload = "dns:api.bank.example" },
            services => services.AddZeroTrust().DangerousMtls(dangers => dangers.AllowSystemRoots("bank", "a test")));

        Assert.Equal(Refusal, Assert.Single(Assert.Throws<OptionsValidationException>(() => Validate(service)).Failures));
    }

    [Fact]
    public void A_client_of_a_partner_without_contexts_and_one_of_a_workload_with_them_do_not()
    {
        using var partner = Run(new ServerOptions { Workload = "dns:api.bank.example", AnchorFile = AnchorFile() }, sends: false);
        using var workload = Run(new ServerOptions { Workload = "dns:api.bank.example" });

        Validate(partner);
        Validate(workload);
        Assert.True(partner.Provider.GetRequiredService<MtlsClients>().IsPartner("bank"));
        Assert.False(workload.Provider.GetRequiredService<MtlsClients>().IsPartner("bank"));
        Assert.False(workload.Provider.GetRequiredService<MtlsClients>().IsPartner("nobody"));
    }

    private static void Validate(TestService service) => _ = service.Provider.GetRequiredService<IOptions<AuthzOptions>>().Value;

    private TestService Run(ServerOptions server, Action<IServiceCollection>? more = null, bool sends = true) =>
        new(_mesh, _mesh.Orders, _ => { }, services =>
        {
            services.Configure<MtlsOptions>(options => options.Servers["bank"] = server);
            var client = services.AddHttpClient("bank").AddMtls("bank");
            if (sends)
            {
                client.AddAuthz();
            }

            more?.Invoke(services);
        });

    private string AnchorFile() => Testing.TestCertificateAuthority.Create("bank").WriteAnchorTo(_folder.FullName);
}

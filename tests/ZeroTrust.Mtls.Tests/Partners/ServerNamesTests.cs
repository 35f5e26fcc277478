using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using ZeroTrust.Mtls.Client;
using ZeroTrust.Mtls.Internal;
using ZeroTrust.Mtls.Tests.Support;

namespace ZeroTrust.Mtls.Tests.Partners;

/// <summary>The names of servers are names of the configuration: compared without case, wherever they are given.</summary>
public sealed class ServerNamesTests : IDisposable
{
    private readonly PartnerWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Theory]
    [InlineData("ZEROTRUST:MTLS:SERVERS:BANK:SENDCERTIFICATE", false)]
    [InlineData("ZEROTRUST:MTLS:SERVERS:BANK:SENDCERTIFICATE", true)]
    [InlineData("ZeroTrust:Mtls:Servers:Bank:SendCertificate", false)]
    [InlineData("ZeroTrust:Mtls:Servers:bank:SendCertificate", false)]
    public async Task A_variable_in_upper_case_is_for_the_server_that_the_file_names(string key, bool isFirst)
    {
        await using var services = Configured(key, isFirst);

        Assert.Equal(PartnerWorld.Workload, services.GetRequiredService<MtlsClients>().GetServer("client").ToString());
        Assert.True(services.GetRequiredService<MtlsClients>().IsPartner("client"));
        Assert.True(services.GetRequiredService<MtlsServers>().Find(PartnerWorld.Server).Identity.SendsCertificate);
        Assert.Single(services.GetRequiredService<IOptions<MtlsOptions>>().Value.Servers);
        using var handler = services.GetRequiredService<IHttpMessageHandlerFactory>().CreateHandler("client");
        Assert.NotNull(handler);
    }

    [Theory]
    [InlineData("bank")]
    [InlineData("BANK")]
    [InlineData("Bank")]
    public async Task Code_finds_a_server_in_any_case(string name)
    {
        await using var services = _world.NewServices(weaken: dangers => dangers.AllowTls12(name, "until spring"));
        var factory = services.GetRequiredService<MtlsHandlerFactory>();

        using var handler = factory.Create(name);
        Assert.IsType<MtlsHttpHandler>(handler);
        Assert.Equal("Tls12, Tls13", factory.ConnectTo(name).CreateOptions("localhost", []).EnabledSslProtocols.ToString());
        Assert.True(services.GetRequiredService<MtlsServers>().Find(name).Identity.AllowsTls12);
        Assert.Throws<ArgumentException>(() => factory.Create(name + "2"));
    }

    [Fact]
    public async Task The_systems_roots_are_for_a_server_in_any_case()
    {
        await using var services = _world.NewServices(weaken: dangers => dangers.AllowSystemRoots("BANK", "a test"));

        var failure = Assert.Throws<OptionsValidationException>(() => services.GetRequiredService<IOptions<MtlsOptions>>().Value);

        Assert.Equal(
            "ZeroTrust:Mtls:Servers:bank:AnchorFile: code trusts the system's roots for this server; it is one or the other", Assert.Single(failure.Failures));
    }

    [Fact]
    public async Task A_dictionary_of_ones_own_is_searched_without_case_too()
    {
        var own = new Dictionary<string, ServerOptions>(StringComparer.Ordinal) { ["Bank"] = _world.Options, ["Billing"] = World.Billing };
        await using var services = _world.NewServices(options => options.Servers = own);
        var byHand = new MtlsHandlerFactory(
            new PeerTls(_world.World.Verifier, _world.Credentials),
            _world.World.Verifier,
            _world.Credentials,
            Options.Create(new MtlsOptions { TrustDomain = World.Domain, Servers = own }),
            _world.World.Time,
            NullLogger<MtlsHandlerFactory>.Instance);

        Assert.NotNull(services.GetRequiredService<MtlsServers>().Find("BANK").Identity.Partner);
        Assert.NotNull(byHand.ConnectTo("billing"));
    }

    [Fact]
    public async Task Two_names_that_differ_by_case_alone_are_refused()
    {
        var two = new Dictionary<string, ServerOptions>(StringComparer.Ordinal) { ["bank"] = _world.Options, ["till"] = World.Billing, ["BANK"] = World.Billing };
        await using var services = _world.NewServices(options => options.Servers = two);

        var failure = Assert.Throws<ArgumentException>(() => services.GetRequiredService<IOptions<MtlsOptions>>().Value);

        Assert.StartsWith("ZeroTrust:Mtls:Servers: the names bank and BANK differ by case alone", failure.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new MtlsOptions { Servers = { ["bank"] = World.Billing } }.Servers.Add("BANK", World.Orders));
    }

    [Theory]
    [InlineData("BANK", null)]
    [InlineData("billing", "ZeroTrust:Mtls:Servers: the HTTP client 'client' is bound to bank and billing; bind it to one")]
    [InlineData("till", "ZeroTrust:Mtls:Servers:till: missing; the HTTP client 'client' is bound to it")]
    public void A_client_is_bound_to_one_server_however_often_it_is_named(string second, string? fault)
    {
        var options = new MtlsOptions { TrustDomain = World.Domain, Servers = { ["bank"] = _world.Options, ["billing"] = World.Billing } };

        var failures = new MtlsOptionsValidator([new("client", "bank"), new("client", second)]).Validate(name: null, options).Failures ?? [];

        Assert.Equal(fault, failures.FirstOrDefault());
    }

    [Fact]
    public void The_defaults_of_all_clients_are_not_one_client()
    {
        var services = new ServiceCollection();

        var failure = Assert.Throws<ArgumentException>(() => services.ConfigureHttpClientDefaults(client => client.AddMtls("bank")));

        Assert.StartsWith("AddMtls is not for the defaults of all clients: name the client.", failure.Message, StringComparison.Ordinal);
        services.AddHttpClient("client").AddMtls("bank");
        services.AddHttpClient(string.Empty).AddMtls("bank");
    }

    private ServiceProvider Configured(string key, bool isFirst)
    {
        var settings = new { ZeroTrust = new { Mtls = new { TrustDomain = World.Domain, Servers = new { bank = new { PartnerWorld.Workload, _world.AnchorFile } } } } };
        using var file = new MemoryStream(Encoding.UTF8.GetBytes(System.Text.Json.JsonSerializer.Serialize(settings)));
        var configuration = new ConfigurationBuilder();
        KeyValuePair<string, string?>[] variables = [KeyValuePair.Create(key, (string?)"true")];
        _ = isFirst ? configuration.AddInMemoryCollection(variables).AddJsonStream(file) : configuration.AddJsonStream(file).AddInMemoryCollection(variables);
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(configuration.Build());
        services.AddSingleton(_world.World.Time);
        services.AddSingleton<IPeerCredentialSource>(_world.Credentials);
        services.AddSingleton<ITrustBundleSource>(_world.World.Bundles);
        services.AddZeroTrust().AddMtls();
        services.AddHttpClient("client").AddMtls(PartnerWorld.Server);
        return services.BuildServiceProvider();
    }
}

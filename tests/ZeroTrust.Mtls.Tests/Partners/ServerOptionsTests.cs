using System.Diagnostics.Metrics;
using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ZeroTrust.Mtls.Diagnostics;
using ZeroTrust.Mtls.Internal;
using ZeroTrust.Mtls.Tests.Support;

namespace ZeroTrust.Mtls.Tests.Partners;

/// <summary>
/// A server is a text or a section; what belongs to partners is for partners, and what is trusted of them is told at each start.
/// </summary>
public sealed class ServerOptionsTests : IDisposable
{
    private readonly PartnerWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public void A_text_is_the_workload_and_a_section_has_more()
    {
        var options = Bind($$"""
            {
              "orders": "{{World.Orders}}",
              "billing": { "Workload": "{{World.Billing}}" },
              "bank": {
                "workload": "{{PartnerWorld.Workload}}",
                "AnchorFile": {{System.Text.Json.JsonSerializer.Serialize(_world.AnchorFile)}},
                "AnchorPassword": "secret",
                "MaxLeafLifetime": "90.00:00:00",
                "SendCertificate": true
              }
            }
            """).Value;

        Assert.Equal(World.Orders, options.Servers["orders"].Workload);
        Assert.Equal(World.Billing, options.Servers["billing"].Workload);
        Assert.Null(options.Servers["billing"].SendCertificate);
        var bank = options.Servers["bank"];
        Assert.Equal(
            (PartnerWorld.Workload, _world.AnchorFile, "secret", PartnerWorld.NinetyDays, true),
            (bank.Workload, bank.AnchorFile, bank.AnchorPassword, bank.MaxLeafLifetime, bank.SendCertificate));
    }

    [Theory]
    [InlineData("""{ "bank": "bank" }""", "bank: not a workload id: a SPIFFE ID with a path, or dns:name")]
    [InlineData("""{ "bank": "" }""", "bank: is empty; wanted is a SPIFFE ID with a path, or dns:name")]
    [InlineData("""{ "bank": null }""", "bank: is null; give it a value or leave the entry out")]
    [InlineData("""{ "bank": { "AnchorFile": "FILE" } }""", "bank:Workload: is missing; wanted is a SPIFFE ID with a path, or dns:name")]
    [InlineData("""{ "bank": { "Workload": " ", "AnchorFile": "FILE" } }""", "bank:Workload: is empty; wanted is a SPIFFE ID with a path, or dns:name")]
    [InlineData("""{ "bank": { "Workload": "bank" } }""", "bank:Workload: not a workload id: a SPIFFE ID with a path, or dns:name")]
    [InlineData("""{ "bank": { "Workload": "dns:b.example", "AnchorFile": "" } }""", "bank:AnchorFile: is empty, where the path of a file is wanted")]
    [InlineData("""{ "bank": { "Workload": "dns:b.example", "AnchorFile": "  " } }""", "bank:AnchorFile: is empty, where the path of a file is wanted")]
    [InlineData("""{ "bank": { "Workload": "dns:b.example", "AnchorFile": "FILE", "CrlFiles": [""] } }""", "bank:CrlFiles:0: is empty, where the path of a file is wanted")]
    [InlineData("""{ "bank": { "Workload": "dns:b.example", "AnchorFile": "hunter2" } }""", "bank:AnchorFile: file not found: the value, which is not repeated")]
    [InlineData("""{ "bank": { "Workload": "dns:b.example", "AnchorFiles": "FILE" } }""", "bank:AnchorFiles: is not a setting; did you mean AnchorFile?")]
    [InlineData("""{ "bank": { "Workload": "dns:b.example", "AnchorFile": "/nowhere/ca.pem" } }""", "bank:AnchorFile: file not found: '/nowhere/ca.pem'")]
    [InlineData("""{ "bank": { "Workload": "spiffe://b.example/x", "AnchorFile": "FILE" } }""",
        "bank:Workload: a partner's server is known by its DNS name (dns:name); one with a SPIFFE ID is judged by TrustDomains")]
    [InlineData("""{ "bank": { "Workload": "dns:10.0.0.1", "AnchorFile": "FILE" } }""", "bank:Workload: a partner's server is known by its DNS name, and this is none")]
    [InlineData("""{ "bank": { "Workload": "dns:*.b.example", "AnchorFile": "FILE" } }""", "bank:Workload: not a workload id: a SPIFFE ID with a path, or dns:name")]
    [InlineData("""{ "bank": { "Workload": "dns:b.example", "SendCertificate": false } }""", "bank:SendCertificate: is for a partner's server; AnchorFile names its roots")]
    [InlineData("""{ "bank": { "Workload": "dns:b.example", "MaxLeafLifetime": "90.00:00:00" } }""", "bank:MaxLeafLifetime: is for a partner's server; AnchorFile names its roots")]
    [InlineData("""{ "bank": { "Workload": "dns:b.example", "CrlFiles": ["FILE"] } }""", "bank:CrlFiles: is for a partner's server; AnchorFile names its roots")]
    [InlineData("""{ "bank": { "Workload": "dns:b.example", "AnchorPassword": "x" } }""", "bank:AnchorPassword: is for a partner's server; AnchorFile names its roots")]
    [InlineData("""{ "bank": { "Workload": "dns:b.example", "AnchorFile": "FILE", "MaxLeafLifetime": "399.00:00:00" } }""",
        "bank:MaxLeafLifetime: 399.00:00:00 is not between 00:01:00 and 398.00:00:00")]
    [InlineData("""{ "bank": { "Workload": "dns:b.example", "AnchorFile": "FILE", "SendCertificate": "yes" } }""", "bank:SendCertificate: 'yes' is not true or false")]
    public void What_is_wrong_is_told_with_its_path(string json, string fault)
    {
        var options = Bind(json.Replace("FILE", _world.AnchorFile, StringComparison.Ordinal));

        var failure = Assert.Throws<OptionsValidationException>(() => options.Value);

        Assert.Equal("ZeroTrust:Mtls:Servers:" + fault, Assert.Single(failure.Failures));
    }

    [Theory]
    [InlineData("dns:API.bank.example", "upper case", "dns:api.bank.example")]
    [InlineData("dns:api.bank.example.", "a dot at its end", "dns:api.bank.example")]
    [InlineData("DNS:api.bank.Example.", "upper case and a dot at its end", "dns:api.bank.example")]
    [InlineData("api.bank.example", "no dns: before the name", "dns:api.bank.example")]
    [InlineData(" dns:api.bank.example ", "spaces around it", "dns:api.bank.example")]
    [InlineData("SPIFFE://Example.Test/Orders", "upper case", "spiffe://example.test/Orders")]
    [InlineData("spiffe://example.test/orders/", "a slash at its end", "spiffe://example.test/orders")]
    public void A_workload_that_is_misspelt_is_told_with_the_right_spelling(string workload, string fault, string right)
    {
        var told = $"not a workload id: it has {fault}; write '{right}'";

        Assert.Equal($"ZeroTrust:Mtls:Servers:bank: {told}", Refused($$"""{ "bank": "{{workload}}" }"""));
        Assert.Equal($"ZeroTrust:Mtls:Servers:bank:Workload: {told}", Refused($$"""{ "bank": { "Workload": "{{workload}}" } }"""));
        Assert.Equal(right, Bind($$"""{ "bank": "{{right}}" }""").Value.Servers["bank"].Workload);
    }

    [Theory]
    [InlineData("dns:api.bank.example..")]
    [InlineData("dns:api bank.example")]
    [InlineData("https://api.bank.example")]
    [InlineData("spiffe://example.test")]
    [InlineData("spiffe://hunter2@example.test/orders/")]
    public void A_workload_that_is_something_else_is_not_repeated(string workload) => Assert.Equal(
        "ZeroTrust:Mtls:Servers:bank: not a workload id: a SPIFFE ID with a path, or dns:name", Refused($$"""{ "bank": "{{workload}}" }"""));

    [Fact]
    public void A_text_in_one_source_and_a_section_in_another_stop_the_host()
    {
        var options = Bind($$"""{ "bank": "{{World.Billing}}" }""", ("ZeroTrust:Mtls:Servers:bank:AnchorFile", _world.AnchorFile));

        var failure = Assert.Throws<OptionsValidationException>(() => options.Value);

        Assert.Equal("ZeroTrust:Mtls:Servers:bank: is a value, and settings are below it", Assert.Single(failure.Failures));
    }

    [Fact]
    public async Task What_is_trusted_of_a_partner_is_told_and_counted_at_start()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddSingleton(_world.World.Time);
        builder.Services.AddSingleton<IPeerCredentialSource>(_world.Credentials);
        builder.Services.AddSingleton<ITrustBundleSource>(_world.World.Bundles);
        builder.Logging.AddProvider(new Microsoft.Extensions.Logging.Testing.FakeLoggerProvider(_world.Logs));
        builder.Services.AddZeroTrust()
            .AddMtls(options =>
            {
                options.TrustDomain = World.Domain;
                options.Servers["billing"] = World.Billing;
                options.Servers[PartnerWorld.Server] = _world.Options;
            })
            .DangerousMtls(dangers => dangers.AllowTls12(PartnerWorld.Server, "until spring"));
        using var host = builder.Build();
        using var weakenings = new MetricCollector<int>(host.Services.GetRequiredService<IMeterFactory>(), MtlsTelemetry.MeterName, "zerotrust.weakenings");
        await host.StartAsync(TestContext.Current.CancellationToken);
        weakenings.RecordObservableInstruments();

        string[] measured = [.. weakenings.GetMeasurementSnapshot().Select(measured => (string)measured.Tags["zerotrust.weakening"]!)];
        Assert.Equal(["mtls.partner_server:bank", "mtls.tls12:bank"], measured.Order(StringComparer.Ordinal), StringComparer.Ordinal);
        await Eventually.TrueAsync(() => Told("PartnerServerTrusted").Any() && Told("CheckWeakened").Any(), "It was not told.");
        var told = Assert.Single(Told("PartnerServerTrusted"));
        Assert.Equal(LogLevel.Warning, told.Level);
        Assert.Equal(
            $"The server bank is a partner's and judged apart from all trust domains: it is dns:api.bank.example under the roots of '{_world.AnchorFile}' (1), "
            + "with a life of at most 90.00:00:00, without CRLs, and is not sent the own certificate",
            told.Message);
        await host.StopAsync(TestContext.Current.CancellationToken);

        IEnumerable<Microsoft.Extensions.Logging.Testing.FakeLogRecord> Told(string name) => _world.Logs.GetSnapshot().Where(record => record.Id.Name == name);
    }

    [Fact]
    public async Task A_server_is_found_as_it_is_named()
    {
        await using var services = _world.NewServices();
        var servers = services.GetRequiredService<MtlsServers>();

        Assert.Equal(World.Billing, servers.Find("billing").Identity.Workload.ToString());
        Assert.Null(servers.Find("billing").Identity.Partner);
        Assert.NotNull(servers.Find(PartnerWorld.Server).Identity.Partner);
        Assert.Throws<KeyNotFoundException>(() => servers.Find("nowhere"));
    }

    private static string Refused(string servers) => Assert.Single(Assert.Throws<OptionsValidationException>(() => Bind(servers).Value).Failures);

    private static IOptions<MtlsOptions> Bind(string servers, params (string Key, string Value)[] more)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes($$"""{ "ZeroTrust": { "Mtls": { "TrustDomain": "{{World.Domain}}", "Servers": {{servers}} } } }"""));
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder()
            .AddJsonStream(stream)
            .AddInMemoryCollection(more.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)))
            .Build());
        services.AddZeroTrust().AddMtls();
        return services.BuildServiceProvider().GetRequiredService<IOptions<MtlsOptions>>();
    }
}

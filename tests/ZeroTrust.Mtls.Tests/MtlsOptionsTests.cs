using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using ZeroTrust.Mtls.Tests.Support;

namespace ZeroTrust.Mtls.Tests;

public sealed class MtlsOptionsTests
{
    [Fact]
    public void The_configuration_section_binds()
    {
        var options = Bind(new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["TrustDomain"] = World.Domain,
            ["TrustDomains:example.test:MaxLeafLifetime"] = "01:00:00",
            ["TrustDomains:other.test:AnchorPassword"] = "secret",
            ["Servers:orders"] = World.Orders,
            ["ClockSkew"] = "00:00:10",
            ["ConnectionLifetime"] = "00:01:00",
        });

        Assert.Equal(World.Domain, options.TrustDomain);
        Assert.Equal(TimeSpan.FromHours(1), options.TrustDomains["example.test"].MaxLeafLifetime);
        Assert.Null(options.TrustDomains["other.test"].MaxLeafLifetime);
        Assert.Equal("secret", options.TrustDomains["other.test"].AnchorPassword);
        Assert.Empty(options.TrustDomains["other.test"].CrlFiles);
        Assert.Equal(TimeSpan.FromMilliseconds(500), options.ReloadInterval);
        Assert.Equal(World.Orders, options.Servers["orders"].Workload);
        Assert.Equal(TimeSpan.FromSeconds(10), options.ClockSkew);
        Assert.Equal(TimeSpan.FromMinutes(1), options.ConnectionLifetime);
    }

    [Fact]
    public void All_errors_are_reported_each_with_its_path()
    {
        var failure = Assert.Throws<OptionsValidationException>(() => Bind(new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["Credential:CertificateFile"] = "/nowhere/tls.pem",
            ["Credential:KeyFile"] = "/nowhere/tls.key",
            ["Credential:PfxFile"] = "/nowhere/tls.pfx",
            ["DenyListFile"] = "/nowhere/denied.txt",
            ["TrustDomains:Example:AnchorFile"] = "/nowhere/ca.pem",
            ["TrustDomains:example.test:CrlFiles:0"] = "/nowhere/0.crl",
            ["TrustDomains:example.test:CrlFiles:1"] = "/nowhere/1.crl",
            ["TrustDomains:example.test:MaxLeafLifetime"] = "400.00:00:00",
            ["TrustDomains:Example:MaxLeafLifetime"] = "400.00:00:00",
            ["Servers:orders"] = "orders",
            ["ClockSkew"] = "00:02:00",
            ["ReloadInterval"] = "00:00:00",
            ["ConnectTimeout"] = "00:00:00",
            ["ConnectionLifetime"] = "-00:00:00.001",
        }));

        string[] paths =
        [
            "TrustDomain", "Credential:CertificateFile", "Credential:KeyFile", "Credential:PfxFile", "DenyListFile",
            "TrustDomains:example.test:CrlFiles:0", "TrustDomains:example.test:CrlFiles:1", "TrustDomains:Example", "TrustDomains:Example:AnchorFile",
            "TrustDomains:Example:MaxLeafLifetime", "Servers:orders", "ClockSkew", "ReloadInterval", "ConnectTimeout", "ConnectionLifetime",
        ];
        Assert.All(paths, path => Assert.Contains(failure.Failures, text => text.StartsWith($"ZeroTrust:Mtls:{path}: ", StringComparison.Ordinal)));
        Assert.Equal(paths.Length, failure.Failures.Count());
    }

    [Theory]
    [InlineData("", "missing")]
    [InlineData("Example.Test", "not a trust domain name: it has upper case; write 'example.test'")]
    [InlineData("example test", "not a trust domain name")]
    [InlineData("spiffe://example.test", "not a trust domain name")]
    public void A_trust_domain_in_upper_case_is_told_so(string domain, string fault)
    {
        var failure = Assert.Throws<OptionsValidationException>(() => Bind(new(StringComparer.Ordinal) { ["TrustDomain"] = domain }));

        Assert.Equal($"ZeroTrust:Mtls:TrustDomain: {fault}", Assert.Single(failure.Failures));
    }

    [Fact]
    public void Registering_twice_changes_nothing()
    {
        var once = new ServiceCollection();
        once.AddZeroTrust().AddMtls();
        var twice = new ServiceCollection();
        twice.AddZeroTrust().AddMtls().AddMtls();

        Assert.Equal(once.Count, twice.Count);
        Assert.Equal(2, twice.Count(descriptor => descriptor.ServiceType == typeof(IHostedService)));
    }

    [Fact]
    public void Sources_registered_by_the_host_are_kept()
    {
        using var world = new World();
        var services = new ServiceCollection();
        services.AddSingleton<ITrustBundleSource>(world.Bundles);
        services.AddZeroTrust().AddMtls();
        using var provider = services.BuildServiceProvider();

        Assert.Same(world.Bundles, provider.GetRequiredService<ITrustBundleSource>());
    }

    private static MtlsOptions Bind(Dictionary<string, string?> values)
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder()
            .AddInMemoryCollection(values.Select(pair => KeyValuePair.Create($"{MtlsOptions.SectionName}:{pair.Key}", pair.Value)))
            .Build());
        services.AddZeroTrust().AddMtls();
        using var provider = services.BuildServiceProvider();
        return provider.GetRequiredService<IOptions<MtlsOptions>>().Value;
    }
}

using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;

namespace ZeroTrust.IntegrationTests.Settings;

/// <summary>Settings whose root was left out, and sections of the application that are only named like ours; and a service that finds no settings at all.</summary>
public sealed class RootlessSettingsTests : IDisposable
{
    private readonly SettingsHost _host = new();

    [Theory]
    [InlineData("Mtls:DenyListFile", "/x")]
    [InlineData("mtls:denylistfile", "/x")]
    [InlineData("Mtls:Credential:KeyPassword", "hunter2")]
    [InlineData("Mtls:TrustDomains:example.test:CrlFiles:0", "/run/crl.pem")]
    [InlineData("Mtls:Servers:billing", "spiffe://example.test/billing")]
    [InlineData("Authz:MaxCachedContexts", "5")]
    [InlineData("Listeners:mesh:Peers:0", "spiffe://example.test/gateway")]
    [InlineData("Listeners:mesh:Role", "Mesh")]
    [InlineData("HealthChecks:CheckTimeout", "00:00:05")]
    [InlineData("Redaction:Mode", "Deny")]
    public async Task A_setting_without_its_root_stops_the_host_and_the_whole_path_is_named(string key, string value) =>
        Assert.Equal(
            $"{key}: is read by no package of ZeroTrust; did you mean ZeroTrust:{key}? A section of the application's own needs another name",
            Assert.Single(await _host.RefuseAsync((key, value))));

    [Fact]
    public async Task Two_underscores_in_the_environment_are_no_help_without_the_root()
    {
        const string Variable = "ROOTLESS_TEST_Mtls__DenyListFile";
        Environment.SetEnvironmentVariable(Variable, "/x");
        try
        {
            await using var app = _host.Build(builder => builder.Configuration.AddEnvironmentVariables("ROOTLESS_TEST_"));

            Assert.Contains(await SettingsHost.RefuseAsync(app), fault => fault.StartsWith("Mtls:DenyListFile: ", StringComparison.Ordinal));
        }
        finally
        {
            Environment.SetEnvironmentVariable(Variable, null);
        }
    }

    [Fact]
    public async Task A_section_of_the_application_that_is_named_like_one_is_left_alone()
    {
        await using var app = _host.Build(builder => SettingsHost.Add(
            builder,
            ("Mtls", "on"),
            ("Mtls:Enabled", "true"),
            ("Mtls:Credential", "file"),
            ("Mtls:DenyListFile:Path", "/x"),
            ("Authz:Policy", "strict"),
            ("Listeners:orders:Url", "amqp://127.0.0.1"),
            ("Listeners:invoices:Role", "consumer"),
            ("Listeners:invoices:Queue", "invoices"),
            ("Listeners:0", "orders"),
            ("Oidc:Authority", "https://login.example.test"),
            ("Oidc:Issuers:main:Audience", "orders"),
            ("HealthChecks:Redis", "127.0.0.1"),
            ("OpenTelemetry:Endpoint", "http://127.0.0.1:4317"),
            ("Other:Mtls:DenyListFile", "/x")));

        await app.StartAsync(TestContext.Current.CancellationToken);
    }

    [Theory]
    [InlineData(false, "and is not there; start the service from its folder, or pass --contentRoot")]
    [InlineData(true, "and does not hold it")]
    public async Task A_service_that_finds_no_settings_is_told_where_they_were_looked_for(bool hasFile, string end)
    {
        var folder = Directory.CreateTempSubdirectory("zerotrust-");
        try
        {
            if (hasFile)
            {
                await File.WriteAllTextAsync(Path.Combine(folder.FullName, "appsettings.json"), "{}", TestContext.Current.CancellationToken);
            }

            var builder = WebApplication.CreateBuilder(
                new WebApplicationOptions { EnvironmentName = "Test", ContentRootPath = folder.FullName });
            builder.AddZeroTrustDefaults();
            SettingsHost.Add(builder, ("ZEROTRUST", "1"));
            await using var app = builder.Build();
            app.UseZeroTrust();

            var hint = (await SettingsHost.RefuseAsync(app))[0];
            Assert.StartsWith("ZeroTrust: no source of the configuration has this section.", hint, StringComparison.Ordinal);
            Assert.EndsWith(end, hint, StringComparison.Ordinal);
            Assert.Contains(folder.FullName, hint, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task A_service_with_a_fault_in_its_settings_is_told_of_the_fault_alone() =>
        Assert.DoesNotContain(await _host.RefuseAsync(("ZeroTrust:Mtls:ClockSkew", "x")), fault => fault.StartsWith("ZeroTrust: ", StringComparison.Ordinal));

    public void Dispose() => _host.Dispose();
}

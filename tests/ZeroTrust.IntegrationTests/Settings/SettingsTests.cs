using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ZeroTrust.HealthChecks;
using ZeroTrust.Mtls;

namespace ZeroTrust.IntegrationTests.Settings;

public sealed class SettingsTests : IDisposable
{
    private const string Secret = "hunter2-correct-horse";

    private readonly SettingsHost _host = new();

    [Theory]
    [InlineData("Mtls:DenylistFiles", "did you mean DenyListFile?")]
    [InlineData("Mtls:DENYLISTFILES", "did you mean DenyListFile?")]
    [InlineData("Mtls:TrustDomains:example.test:CrlFile", "did you mean CrlFiles?")]
    [InlineData("Mtls:KeyFile", "did you mean ZeroTrust:Mtls:Credential:KeyFile?")]
    [InlineData("Listeners:mesh:Peer", "did you mean Peers?")]
    [InlineData("Listeners:mesh:MaxConnection", "did you mean MaxConnections?")]
    [InlineData("Listeners:mesh:HandshakeTimout", "did you mean HandshakeTimeout?")]
    [InlineData("Authz:MintGrants:0:Permision", "did you mean Permissions?")]
    [InlineData("Authz:TokenService", "did you mean TokenServices?")]
    [InlineData("Authz:KeysFile", "did you mean ZeroTrust:Authz:TokenServices:{n}:KeysFile?")]
    [InlineData("Oidc:Issuers:main:TenantClam", "did you mean TenantClaim?")]
    [InlineData("Oidc:Issuers:main:Algorithm", "did you mean Algorithms?")]
    [InlineData("Oidc:Authority", "did you mean ZeroTrust:Oidc:Issuers:{name}:Authority?")]
    [InlineData("HealthChecks:PropagatonDelay", "did you mean PropagationDelay?")]
    [InlineData("HealthChecks:Dependencies:db:Criticall", "did you mean Critical?")]
    [InlineData("HealthChecks:Service", "did you mean Services?")]
    [InlineData("Redaction:Mod", "did you mean Mode?")]
    [InlineData("Redaction:Rules:0:Keys", "did you mean Key?")]
    [InlineData("Redaction:AllowedValue", "did you mean AllowedValues?")]
    [InlineData("OpenTelemetry:BaggageDestination", "did you mean BaggageDestinations?")]
    [InlineData("Redactions", "did you mean Redaction?")]
    [InlineData("HealthCheck", "did you mean HealthChecks?")]
    [InlineData("Oidcc", "did you mean Oidc?")]
    [InlineData("Wholly", "those of ZeroTrust are Listeners, Mtls, Authz, Oidc, HealthChecks, Redaction, OpenTelemetry, RowLevelSecurity")]
    public async Task A_key_that_no_setting_has_stops_the_host_and_the_nearest_is_named(string key, string advice)
    {
        await using var app = _host.Build(builder =>
        {
            builder.Services.AddZeroTrust().AddOidc();
            SettingsHost.Add(builder, ("ZeroTrust:" + key, "x"));
        });

        Assert.Contains($"ZeroTrust:{key}: is not a setting; {advice}", await SettingsHost.RefuseAsync(app), StringComparer.Ordinal);
    }

    [Theory]
    [InlineData("Redaction:Mode", "KeepAll", "'KeepAll' is not one of Deny, KeepOnly")]
    [InlineData("Authz:MintGrants:0:SubjectKinds:0", "Usr", "'Usr' is not one of User, System")]
    [InlineData("Authz:MintGrants:0:SubjectKinds:0", "1", "'1' is not one of User, System")]
    [InlineData("Listeners:mesh:Role", "Mash", "'Mash' is not one of Edge, Mesh, Probe, Management")]
    [InlineData("Listeners:mesh:AllowResumption", "yes", "'yes' is not true or false")]
    [InlineData("Mtls:ClockSkew", "5s", "'5s' is not a time span such as 00:00:05, or 1.00:00:00 for a day")]
    [InlineData("Mtls:ClockSkew", "5", "'5' is not a time span such as 00:00:05, or 1.00:00:00 for a day")]
    [InlineData("Mtls:ClockSkew", "", "is empty; leave it out for the default, or set a time span such as 00:00:05, or 1.00:00:00 for a day")]
    [InlineData("Authz:MaxCachedContexts", "4k", "'4k' is not a whole number from 1 to 1000000")]
    [InlineData("HealthChecks:MaxWatchStreams", "99999999999", "'99999999999' is not a whole number from 1 to 10000")]
    [InlineData("HealthChecks:Dependencies:db:Critical", "ja\t[forged]", "'ja\\u0009[forged]' is not true or false")]
    [InlineData("Listeners:mesh:ForwardingProxies", "spiffe://example.test/proxy", "is a list, not a value; its entries are numbered, ZeroTrust:Listeners:mesh:ForwardingProxies:0 first")]
    [InlineData("Authz:MintGrants:Workload", "x", "is not an entry of a list; entries are numbered, ZeroTrust:Authz:MintGrants:0 first")]
    [InlineData("Mtls:Servers:billing", null, "is null; give it a value or leave the entry out")]
    [InlineData("Mtls:Credential", "tls.pem", "is a section, not a value; below it are CertificateFile, KeyFile, PfxFile, KeyPassword")]
    [InlineData("Mtls:TrustDomains", "example.test", "is a section, not a value; below it are names, and below each AnchorFile, AnchorPassword, CrlFiles, MaxLeafLifetime; did you mean TrustDomain?")]
    [InlineData("Mtls:DenyListFile:0", "x", "is a value, and settings are below it")]
    public async Task A_value_that_cannot_be_is_told_with_what_is_allowed(string key, string? value, string fault)
    {
        var path = key == "Mtls:DenyListFile:0" ? "Mtls:DenyListFile" : key;

        Assert.Contains($"ZeroTrust:{path}: {fault}", await _host.RefuseAsync(("ZeroTrust:" + key, value)), StringComparer.Ordinal);
    }

    [Fact]
    public async Task Faults_of_all_packages_are_told_at_once_together_with_those_of_their_validators()
    {
        var faults = await _host.RefuseAsync(
            ("ZeroTrust:Mtls:DenylistFiles", "/run/denied.txt"),
            ("ZeroTrust:Mtls:ClockSkew", "soon"),
            ("ZeroTrust:Mtls:ReloadInterval", "00:00:00"),
            ("ZeroTrust:Listeners:mesh:Rol", "Edge"),
            ("ZeroTrust:Listeners:mesh:Url", "ftp://127.0.0.1"),
            ("ZeroTrust:Authz:MintGrants:0:SubjectKinds:0", "Usr"),
            ("ZeroTrust:Redaction:Mode", "Keep"),
            ("ZeroTrust:HealthChecks:PollInterval", "9.00:00:00"),
            ("ZeroTrust:HealthCheck:PollInterval", "00:00:01"));

        string[] paths =
        [
            "Mtls:DenylistFiles", "Mtls:ClockSkew", "Mtls:ReloadInterval", "Listeners:mesh:Rol", "Listeners:mesh:Url", "Authz:MintGrants:0:SubjectKinds:0",
            "Authz:MintGrants:0:Workload", "Redaction:Mode", "HealthChecks:PollInterval", "HealthCheck",
        ];
        Assert.All(paths, path => Assert.Contains(faults, fault => fault.StartsWith($"ZeroTrust:{path}: ", StringComparison.Ordinal)));
        Assert.DoesNotContain(faults, fault => fault.Contains("   at ", StringComparison.Ordinal));
        Assert.All(faults, fault => Assert.Contains(fault, Assert.Single(_host.Logs.Records, record => record.Event == 902).Text, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Mtls:Credential:KeyPasword")]
    [InlineData("Mtls:Credential:KeyPassword:0")]
    [InlineData("Mtls:Credential:KeyPassword:Value")]
    [InlineData("Mtls:TrustDomains:example.test:AnchorPasswort")]
    [InlineData("Redaction:TokenKeys")]
    [InlineData("Redaction:Mode:TokenKey")]
    [InlineData("Mtls:Credential")]
    [InlineData("Mtls")]
    public async Task No_fault_repeats_a_value_that_may_be_secret(string key)
    {
        var faults = await _host.RefuseAsync(("ZeroTrust:" + key, Secret));

        Assert.Contains(faults, fault => fault.StartsWith("ZeroTrust:Mtls", StringComparison.Ordinal) || fault.StartsWith("ZeroTrust:Redaction", StringComparison.Ordinal));
        Assert.DoesNotContain(faults, fault => fault.Contains(Secret, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Free_names_casing_comments_and_empty_parts_are_accepted()
    {
        var json = """
            {
              // Kept from the last version.
              "zerotrust": {
                "MTLS": {
                  "servers": { "any name-1": "spiffe://example.test/billing" },
                  "trustdomains": { "other.test": { "AnchorFile": ANCHOR, "CrlFiles": [] } },
                  "DenyListFile": null,
                  "clockskew": "00:00:07",
                },
                "Authz": { "MintGrants": [], "CrossTenantPermission": null },
                "HealthChecks": { "Dependencies": { "Peers": {}, "any-2": { "critical": "FALSE" } }, "Services": {} },
                "Redaction": { "Mode": "keeponly", "Rules": [ { "Key": "shop.*", "Action": "erase" } ] },
                "Oidc": { "Issuers": { } },
              },
            }
            """.Replace("ANCHOR", System.Text.Json.JsonSerializer.Serialize(_host.AnchorFile), StringComparison.Ordinal);
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(json));
        await using var app = _host.Build(builder =>
        {
            builder.Configuration.AddJsonStream(stream);
            SettingsHost.Add(builder, ("ZEROTRUST_PORT", "tcp://10.0.0.1:80"), ("ZeroTrustees:Count", "3"), ("ZeroTrust", "1"));
        });

        await app.StartAsync(TestContext.Current.CancellationToken);

        var mtls = app.Services.GetRequiredService<IOptions<MtlsOptions>>().Value;
        Assert.Equal(TimeSpan.FromSeconds(7), mtls.ClockSkew);
        Assert.Equal("spiffe://example.test/billing", mtls.Servers["any name-1"].Workload);
        var health = app.Services.GetRequiredService<IOptions<HealthOptions>>().Value;
        Assert.True(health.Dependencies["Peers"].Critical);
        Assert.False(health.Dependencies["any-2"].Critical);
    }

    [Fact]
    public async Task Environment_variables_and_the_command_line_are_held_to_the_same_names()
    {
        var prefix = $"T{Guid.CreateVersion7():N}_";
        Environment.SetEnvironmentVariable(prefix + "ZEROTRUST__MTLS__CLOCKSKEW", "00:00:08");
        Environment.SetEnvironmentVariable(prefix + "ZEROTRUST__MTLS__CLOCKSKW", "00:00:08");
        Environment.SetEnvironmentVariable(prefix + "ZEROTRUST_MTLS__CLOCKSKEW", "00:00:08");
        await using var app = _host.Build(builder => builder.Configuration
            .AddEnvironmentVariables(prefix)
            .AddCommandLine(["--ZeroTrust:Listeners:mesh:Prots=Http2"])
            .AddKeyPerFile(KeyPerFile(), optional: false));

        var faults = await SettingsHost.RefuseAsync(app);

        Assert.Contains(faults, fault => fault.StartsWith("ZEROTRUST:MTLS:CLOCKSKW: is not a setting; did you mean ClockSkew?", StringComparison.OrdinalIgnoreCase));
        Assert.DoesNotContain(faults, fault => fault.StartsWith("ZeroTrust:Mtls:ClockSkew:", StringComparison.OrdinalIgnoreCase));
        Assert.Contains(faults, fault => fault.StartsWith("ZEROTRUST_MTLS: is read by nothing; did you mean ZeroTrust?", StringComparison.Ordinal));
        Assert.Contains(faults, fault => fault.StartsWith("ZeroTrust:Listeners:mesh:Prots: is not a setting", StringComparison.Ordinal));
        Assert.Contains(faults, fault => fault.StartsWith("ZeroTrust:Mtls:Credentials: is not a setting; did you mean Credential?", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_section_beside_the_root_that_was_meant_to_be_it_stops_the_host()
    {
        var faults = await _host.RefuseAsync(("ZeroTurst:Mtls:DenyListFile", "/run/denied.txt"));

        Assert.Contains(faults, fault => fault.StartsWith("ZeroTurst: is read by nothing; did you mean ZeroTrust?", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_known_section_whose_package_is_not_registered_is_warned_about_and_does_not_stop()
    {
        await using var app = _host.Build(builder => SettingsHost.Add(
            builder, ("ZeroTrust:RowLevelSecurity:Pooler", "Session"), ("ZeroTrust:Oidc:Issuers:main:Audience", "orders")));

        await app.StartAsync(TestContext.Current.CancellationToken);

        var warnings = _host.Logs.Records.Where(record => record.Event == 901).ToList();
        Assert.Equal(2, warnings.Count);
        Assert.All(warnings, warning => Assert.Equal(LogLevel.Warning, warning.Level));
        Assert.Contains(warnings, warning => warning.Text == "ZeroTrust:RowLevelSecurity is filled in and read by nothing, since AddRowLevelSecurity() was not called.");
        Assert.Contains(warnings, warning => warning.Text == "ZeroTrust:Oidc is filled in and read by nothing, since AddOidc() was not called.");
    }

    [Fact]
    public async Task A_section_of_another_package_is_known_once_it_says_so()
    {
        await using var app = _host.Build(builder =>
        {
            builder.Services.AddSingleton(new SettingsSection("ZeroTrust:Ours"));
            SettingsHost.Add(builder, ("ZeroTrust:Ours:Anything", "x"));
        });

        await app.StartAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task The_root_cannot_be_claimed_as_a_section()
    {
        await using var app = _host.Build(builder =>
        {
            builder.Services.AddSingleton(new SettingsSection("ZeroTrust"));
            SettingsHost.Add(builder, ("ZeroTrust:Mtsl:DenyListFile", "x"));
        });

        Assert.Contains("ZeroTrust:Mtsl: is not a setting; did you mean Mtls?", await SettingsHost.RefuseAsync(app), StringComparer.Ordinal);
    }

    [Fact]
    public async Task A_misspelt_key_in_a_reload_leaves_the_redaction_in_use_and_is_told()
    {
        await using var app = _host.Build();
        await app.StartAsync(TestContext.Current.CancellationToken);

        app.Configuration["ZeroTrust:Redaction:Mod"] = "KeepOnly";

        // The platform's own monitor throws in the face of what reloads.
        _ = Record.Exception(((IConfigurationRoot)app.Configuration).Reload);

        Assert.Contains(_host.Logs.Records, record => record.Event == 5001
            && record.Text.Contains("ZeroTrust:Redaction:Mod: is not a setting; did you mean Mode?", StringComparison.Ordinal));
    }

    public void Dispose() => _host.Dispose();

    private string KeyPerFile()
    {
        var folder = Directory.CreateDirectory(Path.Combine(_host.FolderName, "keys")).FullName;
        File.WriteAllText(Path.Combine(folder, "ZeroTrust__Mtls__Credentials__KeyPassword"), Secret);
        return folder;
    }
}

using Microsoft.Extensions.Configuration;

namespace ZeroTrust.IntegrationTests.Settings;

/// <summary>Settings whose levels are divided by the wrong separator, and what only looks like them.</summary>
public sealed class FlatSettingsTests : IDisposable
{
    private readonly SettingsHost _host = new();

    [Theory]
    [InlineData("ZeroTrust_Mtls_DenyListFile", "Mtls:DenyListFile")]
    [InlineData("ZEROTRUST_MTLS_DENYLISTFILE", "Mtls:DenyListFile")]
    [InlineData("ZERO_TRUST_MTLS_DENY_LIST_FILE", "Mtls:DenyListFile")]
    [InlineData("ZeroTrust.Mtls.DenyListFile", "Mtls:DenyListFile")]
    [InlineData("zerotrust-mtls-denylistfile", "Mtls:DenyListFile")]
    [InlineData("ZeroTrust/Mtls/DenyListFile", "Mtls:DenyListFile")]
    [InlineData("ZeroTrust__Mtls__DenyListFile", "Mtls:DenyListFile")]
    [InlineData("ZeroTrust_Mtls_Credential:KeyPassword", "Mtls:Credential:KeyPassword")]
    [InlineData("ZEROTRUST_MTLS_TRUSTDOMAINS_EXAMPLE_TEST_CRLFILES_0", "Mtls:TrustDomains:{name}:CrlFiles:{n}")]
    [InlineData("ZEROTRUST_MTLS_SERVERS_BILLING", "Mtls:Servers:{name}")]
    [InlineData("ZEROTRUST_LISTENERS_MESH_PEERS_0", "Listeners:{name}:Peers:{n}")]
    [InlineData("ZEROTRUST_LISTENERS_PORT_ROLE", "Listeners:{name}:Role")]
    [InlineData("ZEROTRUST_AUTHZ_MINTGRANTS_10_TENANTS_0", "Authz:MintGrants:{n}:Tenants:{n}")]
    [InlineData("ZeroTrust.Redaction.Mode", "Redaction:Mode")]
    public async Task A_setting_with_other_separators_stops_the_host_and_the_right_spelling_is_named(string key, string path)
    {
        var faults = await _host.RefuseAsync((key, "some-value"));

        var variable = path.Replace(":", "__", StringComparison.Ordinal);
        Assert.Equal(
            $"{key}: is read by nothing; did you mean ZeroTrust:{path}? As an environment variable that is ZeroTrust__{variable}, with two underscores between the levels",
            Assert.Single(faults));
    }

    [Fact]
    public async Task Two_underscores_on_the_command_line_stop_the_host()
    {
        await using var app = _host.Build(builder => builder.Configuration.AddCommandLine(["--ZeroTrust__Mtls__DenyListFile=/run/denied.txt"]));

        Assert.Contains(await SettingsHost.RefuseAsync(app), fault =>
            fault.StartsWith("ZeroTrust__Mtls__DenyListFile: is read by nothing; did you mean ZeroTrust:Mtls:DenyListFile?", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_only_begins_like_a_setting_is_left_alone()
    {
        await using var app = _host.Build(builder => SettingsHost.Add(
            builder,
            ("ZEROTRUST", "1"),
            ("ZEROTRUST_SERVICE_HOST", "10.0.0.1"),
            ("ZEROTRUST_SERVICE_PORT", "443"),
            ("ZEROTRUST_PORT_443_TCP", "tcp://10.0.0.1:443"),
            ("ZEROTRUST_MTLS", "on"),
            ("ZEROTRUST_MTLS_PORT", "tcp://10.0.0.1:443"),
            ("ZEROTRUST_MTLS_PORT_443_TCP_ADDR", "10.0.0.1"),
            ("ZEROTRUST_MTLS_SERVERS_SERVICE_HOST", "10.0.0.1"),
            ("ZEROTRUST_MTLS_SERVERS_PORT", "tcp://10.0.0.1:443"),
            ("ZEROTRUST_MTLS_SERVERS_PORT_53_UDP_PROTO", "udp"),
            ("ZEROTRUST_LISTENERS_SERVICE_PORT", "443"),
            ("ZEROTRUST_LISTENERS_X_SERVICE_PORT_URL", "443"),
            ("ZEROTRUST_LISTENERS_PORT_443_TCP", "tcp://10.0.0.1:443"),
            ("ZEROTRUST_LISTENERS_MESH_PEERS", "3"),
            ("ZEROTRUST_LISTENERS_MESH_COLOUR", "blue"),
            ("ZEROTRUST_MTLS_VERSION", "3"),
            ("OTHER_ZEROTRUST_MTLS_DENYLISTFILE", "x")));

        await app.StartAsync(TestContext.Current.CancellationToken);
    }

    public void Dispose() => _host.Dispose();
}

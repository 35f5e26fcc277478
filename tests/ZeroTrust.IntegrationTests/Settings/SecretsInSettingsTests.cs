using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using ZeroTrust.Mtls;

namespace ZeroTrust.IntegrationTests.Settings;

/// <summary>Keys and passwords that stand where a path or an address belongs are in no message and in no log.</summary>
public sealed class SecretsInSettingsTests : IDisposable
{
    private const string Secret = "hunter2hunter2hunter2";
    private const string Base64 = "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg" + Secret;
    private const string PrivateKey = "-----BEGIN PRIVATE KEY-----\n" + Base64 + "\n-----END PRIVATE KEY-----\n";
    private const string KeySet = """{ "keys": [ { "kty": "EC", "d": "hunter2hunter2hunter2" } ] }""";
    private const string Content = "holds the content of a file; a path is wanted";

    private readonly SettingsHost _host = new();

    [Theory]
    [InlineData("Mtls:Credential:CertificateFile", PrivateKey)]
    [InlineData("Mtls:Credential:KeyFile", PrivateKey)]
    [InlineData("Mtls:Credential:KeyFile", "\uFEFF -----BEGIN PRIVATE KEY----- " + Secret)]
    [InlineData("Mtls:Credential:KeyFile", Base64)]
    [InlineData("Mtls:Credential:PfxFile", "0\0\u0001" + Secret)]
    [InlineData("Mtls:DenyListFile", "# " + Secret + "\r\nworkload spiffe://example.test/billing\r\n")]
    [InlineData("Mtls:TrustDomains:example.test:AnchorFile", PrivateKey)]
    [InlineData("Mtls:TrustDomains:example.test:CrlFiles:0", PrivateKey)]
    [InlineData("Listeners:mesh:KeyFile", PrivateKey)]
    [InlineData("Authz:TokenServices:0:KeysFile", KeySet)]
    [InlineData("Oidc:Issuers:main:TrustAnchorFile", PrivateKey)]
    public async Task The_content_of_a_file_in_place_of_its_path_is_a_fault_and_not_repeated(string key, string value) =>
        Assert.Contains($"ZeroTrust:{key}: {Content}", await RefuseAsync(key, value), StringComparer.Ordinal);

    [Theory]
    [InlineData("Mtls:TrustDomain", PrivateKey, "holds the content of a file; a text on one line is wanted")]
    [InlineData("Oidc:Issuers:main:Audience", "orders\n" + Secret, "holds more than one line; a text on one line is wanted")]
    [InlineData("Mtls:ClockSkew", "00:00:05\n" + Secret, "holds more than one line; a time span such as 00:00:05, or 1.00:00:00 for a day is wanted")]
    [InlineData("Mtls:DenyListFile", "/run/" + Secret + "\n", "holds more than one line; a path is wanted")]
    [InlineData("Listeners:mesh:Role", PrivateKey, "holds the content of a file; one of Edge, Mesh, Probe, Management is wanted")]
    [InlineData("Listeners:mesh:Peers:0", PrivateKey, "holds the content of a file; a text on one line is wanted")]
    [InlineData("Redaction:TokenKeyId", PrivateKey, "holds the content of a file; a text on one line is wanted")]
    [InlineData("Listeners:mesh:AllowResumption", KeySet, "the value is not true or false")]
    [InlineData("Authz:MaxCachedContexts", Base64, "the value is not a whole number from 1 to 1000000")]
    [InlineData("Listeners:mesh:Role", "https://user:" + Secret + "@127.0.0.1", "the value is not one of Edge, Mesh, Probe, Management")]
    [InlineData("Redaction:TokenKeyId", "user:" + Secret + "@host", "the value is not 1 to 16 letters and digits")]
    [InlineData("Listeners:mesh:Peers:0", "spiffe://user:" + Secret + "@example.test/gateway", "the value is not a workload id.")]
    [InlineData("Listeners:mesh:Url", "https://user:" + Secret + "@127.0.0.1:7001", "has a host and a port and no user information.")]
    [InlineData("Listeners:mesh:Url", "user:" + Secret + "@127.0.0.1", "the value is not an address; one looks like https://127.0.0.1:7001.")]
    [InlineData("Listeners:mesh:Url", "https://user:" + Secret, "the host is not an IP address, localhost or *.")]
    [InlineData("Listeners:mesh:Url", "user:" + Secret + "@https://127.0.0.1:1", "a listener of role Mesh is https, not the value.")]
    public async Task A_value_that_is_not_right_is_repeated_only_where_it_can_be_no_secret(string key, string value, string fault) =>
        Assert.Contains($"ZeroTrust:{key}: {fault}", await RefuseAsync(key, value), StringComparer.Ordinal);

    [Theory]
    [InlineData("Mtls:DenyListFile", "/run/no-such-file.txt", "file not found: '/run/no-such-file.txt'")]
    [InlineData("Mtls:DenyListFile", "MII/no such file.txt", "file not found: 'MII/no such file.txt'")]
    [InlineData("Mtls:Credential:KeyFile", "orders.key", "file not found: 'orders.key'")]
    [InlineData("Mtls:Credential:KeyFile", "../hunter2", "file not found: '../hunter2'")]
    [InlineData("Listeners:mesh:Url", "https://orders.internal:7001", "the host 'orders.internal' is not an IP address, localhost or *.")]
    public async Task A_path_or_a_host_that_is_not_there_is_named(string key, string value, string fault) =>
        Assert.Contains($"ZeroTrust:{key}: {fault}", await _host.RefuseAsync(("ZeroTrust:" + key, value)), StringComparer.Ordinal);

    [Theory]
    [InlineData("Mtls:Credential:KeyFile", Secret)]
    [InlineData("Mtls:Credential:KeyFile", "/" + Secret)]
    [InlineData("Mtls:Credential:CertificateFile", "/" + Secret + "/A7==")]
    [InlineData("Mtls:Credential:KeyFile", Secret + ".A7")]
    [InlineData("Mtls:DenyListFile", Secret)]
    [InlineData("Mtls:TrustDomains:example.test:AnchorFile", Secret)]
    [InlineData("Mtls:TrustDomains:example.test:CrlFiles:0", Secret)]
    [InlineData("Oidc:Issuers:main:TrustAnchorFile", Secret)]
    public async Task A_password_in_place_of_a_path_is_not_repeated(string key, string value) =>
        Assert.Contains(await RefuseAsync(key, value), fault => fault.StartsWith($"ZeroTrust:{key}: file not found: the value, which is not repeated", StringComparison.Ordinal));

    [Fact]
    public async Task The_content_of_a_file_that_code_sets_is_not_repeated()
    {
        await using var app = _host.Build(builder => builder.Services.Configure<MtlsOptions>(options => options.Credential.KeyFile = PrivateKey));

        Assert.Contains("ZeroTrust:Mtls:Credential:KeyFile: file not found: the value, which is not repeated", await RefuseAsync(app), StringComparer.Ordinal);
    }

    [Theory]
    [InlineData("urls", "http://user:hunter2hunter2hunter2@127.0.0.1:5000", "urls: 'http://…@127.0.0.1:5000' is not a declared listener")]
    [InlineData("urls", "http://*:1;http://user:hunter2@hunter2hunter2hunter2;hunter2@127.0.0.1:5000", "urls: 'http://…@127.0.0.1:5000' is not a declared listener")]
    [InlineData("urls", "http://127.0.0.1:5000", "urls: 'http://127.0.0.1:5000' is not a declared listener")]
    [InlineData("preferHostingUrls", "http://user:hunter2hunter2hunter2@127.0.0.1", "preferHostingUrls: the value would bind other addresses")]
    public async Task Another_address_is_named_without_its_user(string key, string value, string fault)
    {
        await using var app = _host.Build(builder => SettingsHost.Add(builder, (key, value)));

        Assert.Contains(await RefuseAsync(app), other => other.StartsWith(fault, StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_address_that_code_asks_for_is_named_without_its_user()
    {
        await using var app = _host.Build();
        app.Urls.Add("http://user:" + Secret + "@127.0.0.1:5000");

        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(() => app.StartAsync(TestContext.Current.CancellationToken));

        Assert.Equal("ZeroTrust:Listeners declares what is bound, and http://…@127.0.0.1:5000 is not declared.", refusal.Message);
        Assert.DoesNotContain(_host.Logs.Records, record => record.Text.Contains(Secret, StringComparison.Ordinal));
    }

    public void Dispose() => _host.Dispose();

    private async Task<IReadOnlyList<string>> RefuseAsync(string key, string value)
    {
        await using var app = _host.Build(builder =>
        {
            builder.Services.AddZeroTrust().AddOidc();
            SettingsHost.Add(builder, ("ZeroTrust:" + key, value));
        });
        return await RefuseAsync(app);
    }

    private async Task<IReadOnlyList<string>> RefuseAsync(WebApplication app)
    {
        var faults = await SettingsHost.RefuseAsync(app);
        Assert.DoesNotContain(faults, fault => fault.Contains(Secret, StringComparison.Ordinal));
        Assert.DoesNotContain(_host.Logs.Records, record => record.Text.Contains(Secret, StringComparison.Ordinal));
        return faults;
    }
}

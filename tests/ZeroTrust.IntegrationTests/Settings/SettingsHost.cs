using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ZeroTrust.IntegrationTests.Mesh;
using ZeroTrust.Testing;

namespace ZeroTrust.IntegrationTests.Settings;

/// <summary>A real service with complete settings, to which a test adds.</summary>
internal sealed class SettingsHost : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("zerotrust-");
    private readonly TestCertificateAuthority _authority = TestCertificateAuthority.Create("settings root");

    public SettingsHost()
    {
        using var own = _authority.Issue("spiffe://example.test/orders");
        (CertificateFile, KeyFile) = own.WriteTo(_folder.FullName, "orders");
        AnchorFile = _authority.WriteAnchorTo(_folder.FullName);
    }

    public string CertificateFile { get; }

    public string KeyFile { get; }

    public string AnchorFile { get; }

    public string FolderName => _folder.FullName;

    public RecordedLogs Logs { get; } = new();

    /// <summary>Starts it, which must fail, and tells every fault.</summary>
    public async Task<IReadOnlyList<string>> RefuseAsync(params (string Key, string? Value)[] settings)
    {
        await using var app = Build(builder => Add(builder, settings));
        return await RefuseAsync(app);
    }

    public static async Task<IReadOnlyList<string>> RefuseAsync(WebApplication app)
    {
        var refusal = await Assert.ThrowsAsync<OptionsValidationException>(() => app.StartAsync(TestContext.Current.CancellationToken));
        return [.. refusal.Failures];
    }

    public WebApplication Build(Action<WebApplicationBuilder>? change = null)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = "Test" });
        builder.Logging.ClearProviders().AddProvider(Logs);
        Add(
            builder,
            ("ZeroTrust:Mtls:TrustDomain", "example.test"),
            ("ZeroTrust:Mtls:Credential:CertificateFile", CertificateFile),
            ("ZeroTrust:Mtls:Credential:KeyFile", KeyFile),
            ("ZeroTrust:Mtls:TrustDomains:example.test:AnchorFile", AnchorFile),
            ("ZeroTrust:Listeners:mesh:Url", "https://127.0.0.1:0"),
            ("ZeroTrust:Listeners:mesh:Role", "Mesh"),
            ("ZeroTrust:Listeners:mesh:Peers:0", "spiffe://example.test/gateway"));
        builder.AddZeroTrustDefaults().InTestProcess();
        change?.Invoke(builder);
        var app = builder.Build();
        app.UseZeroTrust();
        return app;
    }

    public void Dispose()
    {
        _authority.Dispose();
        _folder.Delete(recursive: true);
    }

    public static void Add(WebApplicationBuilder builder, params (string Key, string? Value)[] settings) =>
        builder.Configuration.AddInMemoryCollection(settings.Select(static setting => KeyValuePair.Create(setting.Key, setting.Value)));
}

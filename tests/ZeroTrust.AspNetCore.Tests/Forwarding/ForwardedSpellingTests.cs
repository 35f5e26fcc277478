using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using ZeroTrust.Testing;

namespace ZeroTrust.AspNetCore.Tests.Forwarding;

/// <summary>
/// A proxy writes and cleans exact names: a certificate under another spelling is what the client behind it wrote, in each format.
/// </summary>
public sealed class ForwardedSpellingTests : IDisposable
{
    private const string Proxy = "spiffe://example.test/ingress";
    private const string Billing = "spiffe://example.test/billing";

    private readonly Mesh _mesh = new();
    private readonly TestCertificate _proxy;
    private readonly TestCertificate _client;
    private readonly TestCertificate _other;

    public ForwardedSpellingTests()
    {
        _proxy = _mesh.Authority.Issue(Proxy);
        _client = _mesh.Authority.Issue(Mesh.Client);
        _other = _mesh.Authority.Issue(Billing);
    }

    public static MatrixTheoryData<string, string> Spellings => new(
        ["Xfcc", "Rfc9440", "Rfc9440JoinedChain"], ["_", "-.", "_-"]);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _other.Dispose();
        _client.Dispose();
        _proxy.Dispose();
        _mesh.Dispose();
    }

    [Theory]
    [MemberData(nameof(Spellings))]
    public async Task Another_spelling_is_no_certificate_and_replaces_none(string format, string hyphen)
    {
        await using var host = await StartAsync(format);
        using var http = Mesh.Connect(host.EndPoint("mesh"), _proxy);
        var (exact, name) = (format == "Xfcc" ? "X-Forwarded-Client-Cert" : "Client-Cert", Spelled(format, hyphen));
        var forged = (name, Value(format, _other));

        Assert.Contains("aspnetcore.forwarded_certificate_missing", await AskAsync(http, forged), StringComparison.Ordinal);
        Assert.Equal(Mesh.Client, await AskAsync(http, (exact, Value(format, _client)), forged));
        Assert.Equal(Mesh.Client, await AskAsync(http, forged, (exact, Value(format, _client))));
        Assert.True(host.Logged("CertificateHeaderStripped"));
    }

    [Fact]
    public async Task A_chain_under_another_spelling_completes_no_certificate()
    {
        using var deep = _mesh.Intermediate.Issue(Mesh.Client);
        await using var host = await StartAsync("Rfc9440");
        using var http = Mesh.Connect(host.EndPoint("mesh"), _proxy);
        var chain = $":{Convert.ToBase64String(_mesh.Intermediate.Certificate.RawData)}:";

        var refused = await AskAsync(http, ("Client-Cert", Value("Rfc9440", deep)), ("Client_Cert_Chain", chain));
        Assert.Contains("x509.untrusted_anchor", refused, StringComparison.Ordinal);
        Assert.Equal(Mesh.Client, await AskAsync(http, ("Client-Cert", Value("Rfc9440", deep)), ("Client-Cert-Chain", chain)));
    }

    private static string Spelled(string format, string hyphen) =>
        (format == "Xfcc" ? "x-forwarded-client-cert" : "client-cert").Replace("-", hyphen, StringComparison.Ordinal);

    private static string Value(string format, TestCertificate certificate) => format == "Xfcc"
        ? $"Cert=\"{Uri.EscapeDataString(certificate.Certificate.ExportCertificatePem())}\""
        : $":{Convert.ToBase64String(certificate.Certificate.RawData)}:";

    private static async Task<string> AskAsync(HttpClient http, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        foreach (var (name, value) in headers)
        {
            Assert.True(request.Headers.TryAddWithoutValidation(name, value));
        }

        using var answer = await http.SendAsync(request, Cancelled);
        return await answer.Content.ReadAsStringAsync(Cancelled);
    }

    private Task<TestHost> StartAsync(string format)
    {
        var settings = TestHost.MeshListener();
        settings["ZeroTrust:Listeners:mesh:Peers:1"] = Billing;
        settings["ZeroTrust:Listeners:mesh:ForwardingProxies:0"] = Proxy;
        settings["ZeroTrust:Listeners:mesh:ForwardedCertificate"] = format;
        return TestHost.StartAsync(
            settings, _mesh, use: app => app.MapGet("/", (HttpContext context) => context.GetVerifiedPeer()!.ToString()).RequirePeer());
    }
}

using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using ZeroTrust.Testing;

namespace ZeroTrust.HealthChecks.Tests.Infrastructure;

/// <summary>The service of HealthService with peers, an edge certificate and a deny-list, in a process whose clock can be set.</summary>
internal sealed class PeerService : IAsyncDisposable
{
    public const string Domain = "example.test";
    public const string Workload = "spiffe://example.test/service";
    private const string Client = "spiffe://example.test/client";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("zt-peers-");
    private readonly TestCertificateAuthority _authority = TestCertificateAuthority.Create();
    private readonly TestCertificate _client;
    private readonly System.Collections.Concurrent.ConcurrentQueue<string> _log = new();
    private readonly int _edge = FreePort();
    private readonly int _mesh = FreePort();
    private readonly int _probe = FreePort();
    private readonly Process _process;

    /// <param name="more">Further settings of the process.</param>
    public PeerService(IEnumerable<(string Name, string Value)>? more = null)
    {
        Clock = new FakedClock(_folder.FullName);
        Clock.Set(TimeSpan.Zero);
        _client = Issue(options => options.SpiffeId = Client);
        RenewCredential();
        RenewEdge();
        Deny(isDenied: false);
        File.WriteAllText(Path.Combine(_folder.FullName, "dependency"), string.Empty);
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", [Path.Combine(AppContext.BaseDirectory, "HealthService.dll")])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = _folder.FullName,
        };
        foreach (var (name, value) in Settings().Concat(more ?? []).Concat(Clock.Environment))
        {
            start.Environment[name] = value;
        }

        foreach (var inherited in new[] { "ASPNETCORE_URLS", "DOTNET_URLS", "DOTNET_STARTUP_HOOKS", "CORECLR_ENABLE_PROFILING" })
        {
            start.Environment.Remove(inherited);
        }

        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => _log.Enqueue(line.Data ?? string.Empty);
        _process.ErrorDataReceived += (_, line) => _log.Enqueue(line.Data ?? string.Empty);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public FakedClock Clock { get; }

    public string Log => string.Join(Environment.NewLine, _log);

    public string RenewCredential() => Write("service", options => options.SpiffeId = Workload);

    public string RenewEdge() => Write("edge", options => options.IpAddresses.Add(IPAddress.Loopback));

    public void Deny(bool isDenied)
    {
        var next = Path.Combine(_folder.FullName, "denied.next");
        File.WriteAllText(next, isDenied ? $"workload {Client}" : "# nobody\nend\n");
        File.Move(next, Path.Combine(_folder.FullName, "denied"), overwrite: true);
    }

    /// <summary>One call over a new connection: whether the peer was served, and the certificate it was shown.</summary>
    public async Task<(bool IsServed, string? Shown)> CallAsync()
    {
        string? shown = null;
        using var handler = new SocketsHttpHandler { UseProxy = false };
        handler.SslOptions.ClientCertificates = [_client.Certificate];
        handler.SslOptions.LocalCertificateSelectionCallback = (_, _, _, _, _) => _client.Certificate;
        handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, _, _) => (shown = ((X509Certificate2)certificate!).Thumbprint) is not null;
        using var client = new HttpClient(handler);
        try
        {
            return (await client.GetStringAsync(new Uri($"https://127.0.0.1:{_mesh}/peer")) == "served", shown);
        }
        catch (HttpRequestException)
        {
            return (false, shown);
        }
    }

    public async Task<string?> EdgeCertificateAsync()
    {
        string? shown = null;
        using var handler = new SocketsHttpHandler { UseProxy = false };
        handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, _, _) => (shown = ((X509Certificate2)certificate!).Thumbprint) is not null;
        using var client = new HttpClient(handler);
        using var response = await client.GetAsync(new Uri($"https://127.0.0.1:{_edge}/time"));
        return shown;
    }

    /// <summary>What becomes of a root of a token service: <c>accepted</c>, or the code of the refusal.</summary>
    public Task<string> RedeemAsync(string root) => PostAsync("/root", new StringContent(root), user: null);

    /// <summary>What becomes of a user's call: <c>accepted</c>, or the code of the refusal.</summary>
    public Task<string> CallAsUserAsync(string token) => PostAsync("/user", content: null, token);

    public async Task<DateTimeOffset> TimeAsync()
    {
        using var handler = new SocketsHttpHandler { UseProxy = false };
        handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate?.Issuer == _authority.Certificate.Subject;
        using var client = new HttpClient(handler);
        return DateTimeOffset.Parse(await client.GetStringAsync(new Uri($"https://127.0.0.1:{_edge}/time")), System.Globalization.CultureInfo.InvariantCulture);
    }

    public async Task<bool> IsReadyAsync()
    {
        using var client = new HttpClient();
        try
        {
            using var response = await client.GetAsync(new Uri($"http://127.0.0.1:{_probe}/healthz/ready"));
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync(CancellationToken.None);
        }

        _process.Dispose();
        _client.Dispose();
        _authority.Dispose();
        _folder.Delete(recursive: true);
    }

    private async Task<string> PostAsync(string path, HttpContent? content, string? user)
    {
        using var handler = new SocketsHttpHandler { UseProxy = false };
        handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate?.Issuer == _authority.Certificate.Subject;
        using var client = new HttpClient(handler);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri($"https://127.0.0.1:{_edge}{path}")) { Content = content };
        request.Headers.Authorization = user is null ? null : new AuthenticationHeaderValue("Bearer", user);
        using var response = await client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return response.IsSuccessStatusCode ? text : JsonNode.Parse(text)?["code"]?.GetValue<string>() ?? $"{(int)response.StatusCode}";
    }

    private IEnumerable<(string Name, string Value)> Settings() =>
    [
        ("ASPNETCORE_ENVIRONMENT", "Production"),
        ("DOTNET_EnableDiagnostics", "0"),
        ("DEPENDENCY", "dependency"),
        ("ZeroTrust__Listeners__edge__Url", $"https://127.0.0.1:{_edge}"),
        ("ZeroTrust__Listeners__edge__Role", "Edge"),
        ("ZeroTrust__Listeners__edge__CertificateFile", "edge.pem"),
        ("ZeroTrust__Listeners__edge__KeyFile", "edge.key"),
        ("ZeroTrust__Listeners__mesh__Url", $"https://127.0.0.1:{_mesh}"),
        ("ZeroTrust__Listeners__mesh__Role", "Mesh"),
        ("ZeroTrust__Listeners__mesh__Peers__0", Client),
        ("ZeroTrust__Listeners__probe__Url", $"http://127.0.0.1:{_probe}"),
        ("ZeroTrust__Listeners__probe__Role", "Probe"),
        ("ZeroTrust__Mtls__TrustDomain", Domain),
        ("ZeroTrust__Mtls__Credential__CertificateFile", "service.pem"),
        ("ZeroTrust__Mtls__Credential__KeyFile", "service.key"),
        ("ZeroTrust__Mtls__TrustDomains__example.test__AnchorFile", _authority.WriteAnchorTo(_folder.FullName)),
        ("ZeroTrust__Mtls__TrustDomains__example.test__MaxLeafLifetime", "2.00:00:00"),
        ("ZeroTrust__Mtls__DenyListFile", "denied"),
    ];

    // Valid before and after every step of the clock.
    private TestCertificate Issue(Action<TestLeafOptions> configure) => _authority.Issue(options =>
    {
        options.NotBefore = TimeProvider.System.GetUtcNow().AddHours(-12);
        options.NotAfter = TimeProvider.System.GetUtcNow().AddHours(12);
        configure(options);
    });

    private string Write(string name, Action<TestLeafOptions> configure)
    {
        using var certificate = Issue(configure);
        certificate.WriteTo(_folder.FullName, name);
        return certificate.Certificate.Thumbprint;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

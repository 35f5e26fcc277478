using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using ZeroTrust.Testing;

namespace ZeroTrust.HealthChecks.Tests.Infrastructure;

/// <summary>The service of HealthService as a process of its own, in Production, with a dependency that a file stands for.</summary>
internal sealed class ServiceProcess : IAsyncDisposable
{
    private readonly TestCertificateAuthority _authority = TestCertificateAuthority.Create();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("zt-service-");
    private readonly System.Collections.Concurrent.ConcurrentQueue<string> _log = new();
    private readonly Process _process;

    public ServiceProcess(TimeSpan propagationDelay, bool closeDiagnostics = true)
    {
        var (edge, probe) = (FreePort(), FreePort());
        Edge = new Uri($"https://127.0.0.1:{edge}");
        Probe = new Uri($"http://127.0.0.1:{probe}");
        var (certificate, key) = _authority.Issue(options => options.IpAddresses.Add(IPAddress.Loopback)).WriteTo(_folder.FullName, "edge");
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", [Path.Combine(AppContext.BaseDirectory, "HealthService.dll")])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = _folder.FullName,
        };
        foreach (var (name, value) in new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Production",
            ["DEPENDENCY"] = Dependency,
            ["ZeroTrust__Listeners__edge__Url"] = Edge.OriginalString,
            ["ZeroTrust__Listeners__edge__Role"] = "Edge",
            ["ZeroTrust__Listeners__edge__CertificateFile"] = certificate,
            ["ZeroTrust__Listeners__edge__KeyFile"] = key,
            ["ZeroTrust__Listeners__probe__Url"] = Probe.OriginalString,
            ["ZeroTrust__Listeners__probe__Role"] = "Probe",
            ["ZeroTrust__HealthChecks__PollInterval"] = "00:00:00.05",
            ["ZeroTrust__HealthChecks__PropagationDelay"] = propagationDelay.ToString("c"),
        })
        {
            start.Environment[name] = value;
        }

        start.Environment["DOTNET_EnableDiagnostics"] = closeDiagnostics ? "0" : "1";
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

    public Uri Edge { get; }

    public Uri Probe { get; }

    public string Log => string.Join(Environment.NewLine, _log);

    private string Dependency => Path.Combine(_folder.FullName, "dependency");

    public void BringDependency() => File.WriteAllText(Dependency, string.Empty);

    public void TakeDependency() => File.Delete(Dependency);

    public HttpClient NewClient(Version version)
    {
        var handler = new SocketsHttpHandler { UseProxy = false };
        handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate?.Issuer == _authority.Certificate.Subject;
        return new HttpClient(handler)
        {
            BaseAddress = Edge,
            DefaultRequestVersion = version,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Timeout = TimeSpan.FromSeconds(30),
        };
    }

    /// <summary>SIGTERM, as a kubelet sends it.</summary>
    public void Terminate()
    {
        using var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    public async Task<int> ExitAsync()
    {
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync(CancellationToken.None);
        }

        _process.Dispose();
        _authority.Dispose();
        _folder.Delete(recursive: true);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

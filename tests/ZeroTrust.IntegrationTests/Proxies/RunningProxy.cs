using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace ZeroTrust.IntegrationTests.Proxies;

/// <summary>nginx or haproxy with one of the configurations in <c>samples/Proxies</c>, on a free port and with files of its own.</summary>
internal sealed class RunningProxy : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly Process _process;
    private readonly string _folder;

    private RunningProxy(Process process, string folder, IPEndPoint endPoint)
    {
        _process = process;
        _folder = folder;
        EndPoint = endPoint;
    }

    public IPEndPoint EndPoint { get; }

    private static string Samples { get; } = FindSamples();

    /// <summary>Skips the test where the program is not installed.</summary>
    public static void Require(string program) => Assert.SkipUnless(
        File.Exists($"/usr/sbin/{program}") && (program != "nginx" || File.Exists("/usr/lib/nginx/modules/ngx_stream_module.so")),
        $"{program} is not installed (Debian packages nginx, libnginx-mod-stream, haproxy).");

    /// <param name="configuration">The file below <c>samples/Proxies</c>; its folder names the program.</param>
    /// <param name="pki">The certificates of the proxy.</param>
    /// <param name="service">The service that stands behind it.</param>
    /// <param name="change">Changes the text, for what a configuration is not about.</param>
    public static async Task<RunningProxy> StartAsync(
        string configuration, ProxiedPki pki, IPEndPoint service, Func<string, string>? change = null)
    {
        var text = await File.ReadAllTextAsync(Path.Combine(Samples, configuration), TestContext.Current.CancellationToken);
        return await StartTextAsync(
            configuration.Split('/')[0], text.Replace("orders.shop.svc:7443", service.ToString(), StringComparison.Ordinal), pki, change);
    }

    /// <param name="program">nginx or haproxy.</param>
    /// <param name="text">Its configuration.</param>
    /// <param name="pki">The certificates of the proxy.</param>
    /// <param name="change">Changes the text.</param>
    public static async Task<RunningProxy> StartTextAsync(string program, string text, ProxiedPki pki, Func<string, string>? change = null)
    {
        var folder = Directory.CreateTempSubdirectory("zerotrust-proxy-").FullName;
        pki.WriteTo(folder);
        var endPoint = new IPEndPoint(IPAddress.Loopback, FreePort());
        text = text
            .Replace("listen 8443", $"listen {endPoint}", StringComparison.Ordinal)
            .Replace("bind :8443", $"bind {endPoint}", StringComparison.Ordinal)
            .Replace("/run/tls/", folder + "/", StringComparison.Ordinal)
            .Replace("/run/trust/", folder + "/", StringComparison.Ordinal)
            .Replace("/run/proxy/", folder + "/", StringComparison.Ordinal)
            .Replace("worker_processes auto", "worker_processes 1", StringComparison.Ordinal)
            .Replace("/etc/nginx/client-cert.conf", Path.Combine(Samples, "nginx", "client-cert.conf"), StringComparison.Ordinal);
        var file = Path.Combine(folder, "proxy.conf");
        await File.WriteAllTextAsync(file, (change?.Invoke(text) ?? text) + "\n", TestContext.Current.CancellationToken);
        var start = new ProcessStartInfo($"/usr/sbin/{program}")
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        var directives = Environment.IsPrivilegedProcess ? "daemon off; user root;" : "daemon off;";
        string[] arguments = program == "nginx"
            ? ["-e", Path.Combine(folder, "error.log"), "-c", file, "-g", directives]
            : ["-db", "-f", file];
        Array.ForEach(arguments, start.ArgumentList.Add);
        var proxy = new RunningProxy(Process.Start(start)!, folder, endPoint);
        await proxy.WaitAsync();
        return proxy;
    }

    /// <summary>Sends a signal.</summary>
    public void Signal(string signal)
    {
        using var kill = Process.Start("/bin/kill", [signal, _process.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    public void Dispose()
    {
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static string FindSamples()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "ZeroTrust.sln")))
            {
                return Path.Combine(folder.FullName, "samples", "Proxies");
            }
        }

        throw new InvalidOperationException("The tests must run inside the checkout.");
    }

    private async Task WaitAsync()
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(Patience);
        while (true)
        {
            if (_process.HasExited)
            {
                var log = Path.Combine(_folder, "error.log");
                var logged = File.Exists(log) ? await File.ReadAllTextAsync(log, deadline.Token) : string.Empty;
                throw new InvalidOperationException(await _process.StandardError.ReadToEndAsync(deadline.Token) + logged);
            }

            try
            {
                using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                await socket.ConnectAsync(EndPoint, deadline.Token);
                return;
            }
            catch (SocketException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(20), deadline.Token);
            }
        }
    }
}

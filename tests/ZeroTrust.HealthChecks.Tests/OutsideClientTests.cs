using System.Collections.Concurrent;
using System.Diagnostics;
using ZeroTrust.HealthChecks.Tests.Infrastructure;

namespace ZeroTrust.HealthChecks.Tests;

/// <summary>gRPC's own C core, through Python, against the health service: nothing of it is .NET's.</summary>
public sealed class OutsideClientTests
{
    private const string Python = "/usr/bin/python3";

    private static readonly Lazy<bool> HasGrpc = new(() =>
    {
        if (!File.Exists(Python))
        {
            return false;
        }

        using var import = Process.Start(new ProcessStartInfo(Python, ["-c", "import grpc"]) { UseShellExecute = false, RedirectStandardError = true })!;
        import.WaitForExit();
        return import.ExitCode == 0;
    });

    [Theory]
    [InlineData("", true, "SERVING")]
    [InlineData("", false, "NOT_SERVING")]
    [InlineData("live", false, "SERVING")]
    [InlineData("grpc.health.v1.Health", true, "SERVING")]
    [InlineData("other.Service", true, "NOT_FOUND")]
    public async Task It_checks_as_a_kubelet_does(string service, bool ready, string expected)
    {
        Require();
        await using var host = await HealthHost.StartAsync();
        host.Hub.Report("db", ready ? DependencyState.Ready : DependencyState.NotReady);

        using var client = new Client("check", host.EndPoint("b").ToString(), service);

        await client.PrintsAsync(expected);
    }

    [Fact]
    public async Task It_may_not_watch_over_plain_text()
    {
        Require();
        await using var host = await HealthHost.StartAsync();

        using var client = new Client("watch", host.EndPoint("b").ToString(), string.Empty);

        await client.PrintsAsync("UNIMPLEMENTED");
    }

    [Fact]
    public async Task It_watches_over_the_mesh_to_the_end()
    {
        Require();
        await using var host = await HealthHost.StartAsync();
        using var files = host.Mesh.WriteFiles();
        using var client = new Client(["watch", $"127.0.0.1:{host.EndPoint("mesh").Port}", string.Empty, .. files.Paths]);
        await client.PrintsAsync("SERVING");

        host.Hub.Report("db", DependencyState.NotReady);
        await client.PrintsAsync("SERVING", "NOT_SERVING");
        host.Hub.Report("db", DependencyState.Ready);
        await client.PrintsAsync("SERVING", "NOT_SERVING", "SERVING");

        var stopping = host.App.StopAsync(TestContext.Current.CancellationToken);
        await client.PrintsAsync("SERVING", "NOT_SERVING", "SERVING", "NOT_SERVING");
        host.Time.Advance(TimeSpan.FromSeconds(3));
        await client.PrintsAsync("SERVING", "NOT_SERVING", "SERVING", "NOT_SERVING", "END");
        await stopping;
    }

    [Fact]
    public async Task A_mesh_that_does_not_list_it_tells_it_that_alone()
    {
        Require();
        await using var host = await HealthHost.StartAsync();
        using var files = host.Mesh.WriteFiles(caller: "spiffe://example.test/stranger");

        using var client = new Client(["check", $"127.0.0.1:{host.EndPoint("mesh").Port}", string.Empty, .. files.Paths]);

        await client.PrintsAsync("PERMISSION_DENIED");
    }

    private static void Require() => Assert.SkipUnless(HasGrpc.Value, $"{Python} has no grpc (Debian package python3-grpcio).");

    private sealed class Client : IDisposable
    {
        private readonly Process _process;
        private readonly ConcurrentQueue<string> _lines = new();

        public Client(params string[] arguments)
        {
            _process = new Process
            {
                StartInfo = new ProcessStartInfo(Python, [Path.Combine(AppContext.BaseDirectory, "OutsideClient.py"), .. arguments])
                {
                    UseShellExecute = false,
                    RedirectStandardOutput = true,
                    RedirectStandardError = true,
                },
            };
            _process.OutputDataReceived += (_, line) => Add(line.Data);
            _process.ErrorDataReceived += (_, _) => { };
            _process.Start();
            _process.BeginOutputReadLine();
            _process.BeginErrorReadLine();
        }

        /// <summary>Waits until exactly these lines are there.</summary>
        public async Task PrintsAsync(params string[] lines)
        {
            await Eventually.IsTrueAsync(() => _lines.Count >= lines.Length);
            Assert.Equal<string>(lines, [.. _lines]);
        }

        public void Dispose()
        {
            if (!_process.HasExited)
            {
                _process.Kill();
            }

            _process.Dispose();
        }

        private void Add(string? line)
        {
            if (line is not null)
            {
                _lines.Enqueue(line);
            }
        }
    }
}

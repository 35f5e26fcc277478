using System.Net.Security;
using BenchmarkDotNet.Attributes;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ZeroTrust.AspNetCore;
using ZeroTrust.HealthChecks;
using ZeroTrust.Mtls;
using ZeroTrust.Testing;

namespace ZeroTrust.Benchmarks;

/// <summary>How long a change of readiness takes to reach those who watch it over mutual TLS, and the gate. One measured operation is one flip.</summary>
[Config(typeof(TailConfig))]
[WarmupCount(20)]
[IterationCount(300)]
[InvocationCount(1)]
public class HealthBenchmarks
{
    private const string Caller = "spiffe://example.test/gateway";
    private const string Database = "db";

    private CancellationTokenSource? _stop;
    private readonly List<Task> _watches = [];
    private WebApplication? _app;
    private GrpcChannel? _channel;
    private RequestDelegate? _gate;
    private TaskCompletionSource _toldOne = new();
    private TaskCompletionSource _toldAll = new();
    private int _left;
    private bool _ready = true;

    /// <summary>How many watch.</summary>
    [Params(10, 1000)]
    public int Watchers { get; set; }

    [GlobalSetup]
    public async Task SetupAsync()
    {
        _stop = CancellationTokenSource.CreateLinkedTokenSource(CancellationToken.None);
        using var root = TestCertificateAuthority.Create("benchmark root");
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = "Development" });
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase)
        {
            ["ZeroTrust:Mtls:TrustDomain"] = "example.test",
            ["ZeroTrust:Listeners:mesh:Url"] = "https://127.0.0.1:0",
            ["ZeroTrust:Listeners:mesh:Role"] = "Mesh",
            ["ZeroTrust:Listeners:mesh:Peers:0"] = Caller,
            ["ZeroTrust:HealthChecks:MaxWatchStreams"] = "1000",
            ["ZeroTrust:HealthChecks:PropagationDelay"] = "00:00:00",
        });
        builder.Services.AddSingleton<IPeerCredentialSource>(new MemoryPeerCredentialSource(root.Issue("spiffe://example.test/orders").ToCredential()));
        builder.Services.AddSingleton<ITrustBundleSource>(new MemoryTrustBundleSource(new TrustBundleSet(root.ToBundle("example.test"))));
        builder.Services.AddZeroTrust().AddMtls().AddListeners().AddHealthChecks();
        _app = builder.Build();
        _app.UseListenerGuard();
        _app.UsePeerCurrency();
        _app.UseForwardedCertificates();
        _app.UseRouting();
        _app.UseAdmissionGate();
        _app.UseListenerRoles();
        _app.UseAuthorization();
        _app.MapZeroTrustHealth();
        await _app.StartAsync().ConfigureAwait(false);
        var pipeline = new ApplicationBuilder(_app.Services);
        pipeline.UseAdmissionGate().Run(static _ => Task.CompletedTask);
        _gate = pipeline.Build();

        Hub.Report(Database, DependencyState.Ready);
        _channel = Connect(root);
        Expect();
        for (var i = 0; i < Watchers; i++)
        {
            _watches.Add(FollowAsync(isMeasured: i == Watchers / 2));
        }

        await _toldAll.Task.ConfigureAwait(false);
    }

    /// <summary>From the push until one watcher, chosen once, has read it beside all the others.</summary>
    [Benchmark]
    public Task Push_to_a_watch()
    {
        Flip();
        return _toldOne.Task;
    }

    /// <summary>From the push until the last of all watchers has read it.</summary>
    [Benchmark]
    public Task Push_to_every_watch()
    {
        Flip();
        return _toldAll.Task;
    }

    /// <summary>From the push until the gate has answered by it, beside the same watchers.</summary>
    [Benchmark]
    public async Task<int> Flip_to_gate()
    {
        Flip();
        var context = new DefaultHttpContext { RequestServices = _app!.Services };
        await _gate!(context).ConfigureAwait(false);
        return context.Response.StatusCode == (_ready ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable)
            ? context.Response.StatusCode
            : throw new InvalidOperationException("The gate answered by a state that is over.");
    }

    /// <summary>The next flip finds everybody told and the machine at rest.</summary>
    [IterationCleanup]
    public void Rest() => SpinWait.SpinUntil(() => _toldAll.Task.IsCompleted && _toldOne.Task.IsCompleted);

    [GlobalCleanup]
    public async Task CleanupAsync()
    {
        await _stop!.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(_watches).ConfigureAwait(false);
        _channel!.Dispose();
        _stop.Dispose();
        await _app!.DisposeAsync().ConfigureAwait(false);
    }

    private ReadinessHub Hub => _app!.Services.GetRequiredService<ReadinessHub>();

    private GrpcChannel Connect(TestCertificateAuthority root)
    {
        var handler = new SocketsHttpHandler
        {
            EnableMultipleHttp2Connections = true,
            SslOptions = new SslClientAuthenticationOptions
            {
                ClientCertificateContext = root.Issue(Caller).ToCredential().CertificateContext,
                RemoteCertificateValidationCallback = static (_, certificate, _, _) => certificate is not null,
            },
        };
        return GrpcChannel.ForAddress(
            $"https://{_app!.Services.GetRequiredService<BoundListeners>().GetEndPoint("mesh")}", new GrpcChannelOptions { HttpHandler = handler, DisposeHttpClient = true });
    }

    private void Expect()
    {
        _toldOne = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _toldAll = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Volatile.Write(ref _left, Watchers);
    }

    private void Flip()
    {
        Expect();
        _ready = !_ready;
        Hub.Report(Database, _ready ? DependencyState.Ready : DependencyState.NotReady);
    }

    private async Task FollowAsync(bool isMeasured)
    {
        using var call = new Health.HealthClient(_channel).Watch(new HealthCheckRequest(), cancellationToken: _stop!.Token);
        try
        {
            while (await call.ResponseStream.MoveNext(_stop!.Token).ConfigureAwait(false))
            {
                if (isMeasured)
                {
                    _toldOne.TrySetResult();
                }

                if (Interlocked.Decrement(ref _left) == 0)
                {
                    _toldAll.TrySetResult();
                }
            }
        }
        catch (RpcException) when (_stop!.IsCancellationRequested)
        {
        }
    }
}

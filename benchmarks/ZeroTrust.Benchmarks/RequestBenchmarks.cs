using System.Net;
using BenchmarkDotNet.Attributes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ZeroTrust.AspNetCore;
using ZeroTrust.Mtls;
using ZeroTrust.Testing;

namespace ZeroTrust.Benchmarks;

/// <summary>What a request of a live HTTP/2 connection pays to know that its peer is still trusted: real Kestrel, a real request that stays open.</summary>
[MemoryDiagnoser]
public class RequestBenchmarks
{
    private const string Orders = "spiffe://example.test/orders";

    private readonly TaskCompletionSource<HttpContext> _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _measured = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private WebApplication? _app;
    private HttpClient? _client;
    private Task<HttpResponseMessage>? _response;
    private HttpContext? _context;
    private RequestDelegate? _nothing;
    private RequestDelegate? _checked;

    [GlobalSetup]
    public async Task SetupAsync()
    {
        using var root = TestCertificateAuthority.Create("benchmark root");
        using var issuer = root.CreateIntermediate("benchmark issuer");
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase)
        {
            ["ZeroTrust:Mtls:TrustDomain"] = "example.test",
            ["ZeroTrust:Mtls:Servers:orders"] = Orders,
            ["ZeroTrust:Listeners:mesh:Url"] = "https://127.0.0.1:0",
            ["ZeroTrust:Listeners:mesh:Role"] = "Mesh",
            ["ZeroTrust:Listeners:mesh:Peers:0"] = Orders,
        });
        builder.Services.AddSingleton<IPeerCredentialSource>(new MemoryPeerCredentialSource(issuer.Issue(Orders).ToCredential()));
        builder.Services.AddSingleton<ITrustBundleSource>(new MemoryTrustBundleSource(new TrustBundleSet(root.ToBundle("example.test"))));
        builder.Services.AddZeroTrust().AddMtls().AddListeners();
        builder.Services.AddHttpClient("orders").AddMtls("orders");

        _app = builder.Build();
        _nothing = Pipeline(_ => { });
        _checked = Pipeline(pipeline => pipeline.UsePeerCurrency());
        _app.UseListenerGuard().UsePeerCurrency().UseForwardedCertificates().UseRouting().UseListenerRoles().UseAuthorization();
        _app.MapGet("/", HoldAsync).RequirePeer(Orders);
        await _app.StartAsync().ConfigureAwait(false);

        _client = _app.Services.GetRequiredService<IHttpClientFactory>().CreateClient("orders");
        _client.DefaultRequestVersion = HttpVersion.Version20;
        _client.DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        _response = _client.GetAsync(new Uri($"https://{_app.Services.GetRequiredService<BoundListeners>().GetEndPoint("mesh")}/"));
        _context = await (await Task.WhenAny(_arrived.Task, FailedAsync()).ConfigureAwait(false)).ConfigureAwait(false);
    }

    [GlobalCleanup]
    public async Task CleanupAsync()
    {
        _measured.SetResult();
        using var response = await _response!.ConfigureAwait(false);
        response.EnsureSuccessStatusCode();
        _client!.Dispose();
        await _app!.DisposeAsync().ConfigureAwait(false);
    }

    [Benchmark(Baseline = true, Description = "no check")]
    public Task NoCheckAsync() => _nothing!(_context!);

    [Benchmark(Description = "peer currency")]
    public Task PeerCurrencyAsync() => _checked!(_context!);

    private RequestDelegate Pipeline(Action<IApplicationBuilder> use)
    {
        var pipeline = new ApplicationBuilder(_app!.Services);
        use(pipeline);
        pipeline.Run(static _ => Task.CompletedTask);
        return pipeline.Build();
    }

    private Task HoldAsync(HttpContext context)
    {
        _arrived.TrySetResult(context);
        return _measured.Task;
    }

    private async Task<HttpContext> FailedAsync()
    {
        using var response = await _response!.ConfigureAwait(false);
        throw new InvalidOperationException($"The request ended before it was measured: {response.StatusCode}.");
    }
}

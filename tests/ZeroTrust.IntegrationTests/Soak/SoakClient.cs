using System.Net;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ZeroTrust.IntegrationTests.Soak;

/// <summary>A workload that calls the server over HTTP/2 without pause, and keeps what failed and which leaves it met last.</summary>
internal sealed class SoakClient : IAsyncDisposable
{
    private const int Workers = 8;

    private readonly IHost _host;
    private readonly CancellationTokenSource _stopping;
    private readonly Worker[] _workers = [.. Enumerable.Range(0, Workers).Select(_ => new Worker())];
    private Task _load = Task.CompletedTask;

    private SoakClient(IHost host, CancellationToken cancellationToken)
    {
        _host = host;
        _stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Http = host.Services.GetRequiredService<IHttpClientFactory>().CreateClient("server");
    }

    public HttpClient Http { get; }

    public IServiceProvider Services => _host.Services;

    public long Calls => _workers.Sum(worker => Volatile.Read(ref worker.Calls));

    public IReadOnlyList<string> Failures => [.. _workers.SelectMany(worker => worker.Failures)];

    public static async Task<SoakClient> StartAsync(RotatingPki pki, string name, IPEndPoint server, CancellationToken cancellationToken)
    {
        var builder = Host.CreateEmptyApplicationBuilder(settings: null);
        builder.Configuration.AddInMemoryCollection(pki.SettingsOf(name));
        builder.Configuration["ZeroTrust:Mtls:Servers:server"] = RotatingPki.WorkloadOf("server");
        builder.Services.AddZeroTrust().AddMtls();
        builder.Services.AddHttpClient("server", client =>
        {
            client.BaseAddress = new Uri($"https://{server}");
            client.DefaultRequestVersion = HttpVersion.Version20;
            client.DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        }).AddMtls("server");
        var host = builder.Build();
        await host.StartAsync(cancellationToken);
        return new SoakClient(host, cancellationToken);
    }

    public void Start() => _load = Task.WhenAll(_workers.Select(worker => Task.Run(() => worker.RunAsync(Http, _stopping.Token))));

    /// <summary>Whether the latest answer of every worker came over a connection with these leaves.</summary>
    public bool Meets(string leaves) => _workers.All(worker => Volatile.Read(ref worker.Leaves) == leaves);

    public async Task StopAsync()
    {
        await _stopping.CancelAsync();
        await _load;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Http.Dispose();
        await _host.StopAsync();
        _host.Dispose();
        _stopping.Dispose();
    }

    private sealed class Worker
    {
        public long Calls;
        public string? Leaves;

        public List<string> Failures { get; } = [];

        public async Task RunAsync(HttpClient http, CancellationToken cancellationToken)
        {
            while (!cancellationToken.IsCancellationRequested)
            {
                try
                {
                    // A POST is not repeated by anybody, so each of them proves that its connection was not closed under it.
                    using var request = new HttpRequestMessage(Calls % 2 == 0 ? HttpMethod.Get : HttpMethod.Post, "/leaves")
                    {
                        Version = http.DefaultRequestVersion,
                        VersionPolicy = http.DefaultVersionPolicy,
                    };
                    request.Content = request.Method == HttpMethod.Post ? new StringContent("body") : null;
                    using var response = await http.SendAsync(request, cancellationToken);
                    response.EnsureSuccessStatusCode();
                    Volatile.Write(ref Leaves, await response.Content.ReadAsStringAsync(cancellationToken));
                }
                catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
                {
                    return;
                }
                catch (Exception exception)
                {
                    Failures.Add(exception.ToString());
                }

                Interlocked.Increment(ref Calls);
            }
        }
    }
}

using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Net.Client;

namespace ZeroTrust.Samples.Tour.Mesh;

/// <summary>Asks a service's plain probe listeners, as a kubelet would.</summary>
internal sealed class Probe : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly HttpClient _http;
    private readonly Uri _readiness;
    private readonly GrpcChannel? _channel;
    private readonly Health.HealthClient? _health;

    public Probe(int httpPort, int? grpcPort = null)
    {
        _http = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        _readiness = Addresses.Http(httpPort, "/healthz/ready");
        if (grpcPort is { } port)
        {
            _channel = GrpcChannel.ForAddress(Addresses.Http(port));
            _health = new Health.HealthClient(_channel);
        }
    }

    /// <summary>The HTTP readiness status; 0 when nothing answers.</summary>
    public async Task<int> HttpAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var response = await _http.GetAsync(_readiness, cancellationToken);
            return (int)response.StatusCode;
        }
        catch (HttpRequestException)
        {
            return 0;
        }
    }

    /// <summary>The gRPC health status in upper case; "none" when nothing answers.</summary>
    public async Task<string> GrpcAsync(CancellationToken cancellationToken)
    {
        try
        {
            var answer = await _health!.CheckAsync(new HealthCheckRequest(), cancellationToken: cancellationToken);
            return answer.Status switch
            {
                HealthCheckResponse.Types.ServingStatus.Serving => "SERVING",
                HealthCheckResponse.Types.ServingStatus.NotServing => "NOT_SERVING",
                var other => other.ToString(),
            };
        }
        catch (RpcException) when (!cancellationToken.IsCancellationRequested)
        {
            return "none";
        }
    }

    public async Task WaitForHttpAsync(int status, Action check, CancellationToken cancellationToken) =>
        await WaitAsync(async () => await HttpAsync(cancellationToken) == status, $"{_readiness} to answer {status}", check, cancellationToken);

    public async Task WaitForGrpcAsync(string status, Action check, CancellationToken cancellationToken) =>
        await WaitAsync(async () => await GrpcAsync(cancellationToken) == status, $"gRPC health to be {status}", check, cancellationToken);

    public void Dispose()
    {
        _http.Dispose();
        _channel?.Dispose();
    }

    private static async Task WaitAsync(Func<Task<bool>> reached, string what, Action check, CancellationToken cancellationToken)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!await reached())
        {
            check();
            if (TimeProvider.System.GetElapsedTime(started) > Patience)
            {
                throw new TourException($"Waited {Patience.TotalSeconds} s for {what}.");
            }

            await Task.Delay(Pause, cancellationToken);
        }
    }
}

using System.Collections.Concurrent;
using Grpc.Core;
using Grpc.Health.V1;
using ServingStatus = Grpc.Health.V1.HealthCheckResponse.Types.ServingStatus;

namespace ZeroTrust.HealthChecks.Tests.Infrastructure;

/// <summary>Keeps every message of one real Watch stream.</summary>
internal sealed class WatchRecorder : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private readonly AsyncServerStreamingCall<HealthCheckResponse> _call;
    private readonly ConcurrentQueue<ServingStatus> _received = new();

    public WatchRecorder(Health.HealthClient client, string service = "")
    {
        _call = client.Watch(new HealthCheckRequest { Service = service }, cancellationToken: TestContext.Current.CancellationToken);
        Ended = ReadAsync();
    }

    /// <summary>Ends as the stream does: in order, or with its error.</summary>
    public Task Ended { get; }

    /// <summary>As <see cref="Ended"/>, within a deadline.</summary>
    public Task EndsAsync() => Ended.WaitAsync(Deadline, TestContext.Current.CancellationToken);

    public IReadOnlyList<ServingStatus> Received => [.. _received];

    public async Task ReachesAsync(ServingStatus status)
    {
        await Eventually.IsTrueAsync(() => Ended.IsFaulted || (!_received.IsEmpty && _received.Last() == status));
        if (Ended.IsFaulted)
        {
            await Ended;
        }
    }

    public void Dispose() => _call.Dispose();

    private async Task ReadAsync()
    {
        while (await _call.ResponseStream.MoveNext(TestContext.Current.CancellationToken))
        {
            _received.Enqueue(_call.ResponseStream.Current.Status);
        }
    }
}

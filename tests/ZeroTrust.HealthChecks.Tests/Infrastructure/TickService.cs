using Grpc.Core;
using Microsoft.AspNetCore.Connections.Features;

namespace ZeroTrust.HealthChecks.Tests.Infrastructure;

internal sealed class TickService : TickServiceBase
{
    public override async Task HeedAsync(byte[] request, IServerStreamWriter<byte[]> stream, ServerCallContext context)
    {
        await stream.WriteAsync([1]);
        await Task.Delay(Timeout.Infinite, context.CancellationToken);
    }

    public override async Task SwallowAsync(IAsyncStreamReader<byte[]> requests, IServerStreamWriter<byte[]> stream, ServerCallContext context)
    {
        await stream.WriteAsync([1]);
        await Task.Delay(Timeout.Infinite, context.CancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public override async Task IgnoreAsync(byte[] request, IServerStreamWriter<byte[]> stream, ServerCallContext context)
    {
        var cut = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var connection = context.GetHttpContext().Features.Get<IConnectionLifetimeFeature>()!;
        await using var registration = connection.ConnectionClosed.Register(cut.SetResult);
        await stream.WriteAsync([1]);
        await cut.Task;
    }
}

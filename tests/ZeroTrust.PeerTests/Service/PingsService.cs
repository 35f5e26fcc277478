using Grpc.Core;

namespace ZeroTrust.PeerTests.Service;

internal sealed class PingsService : Pings.PingsBase
{
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(50);

    public override Task<Nothing> Ping(Nothing request, ServerCallContext context) => Task.FromResult(new Nothing());

    public override async Task Pulse(Nothing request, IServerStreamWriter<Nothing> responseStream, ServerCallContext context)
    {
        while (true)
        {
            await responseStream.WriteAsync(new Nothing(), context.CancellationToken);
            await Task.Delay(Beat, context.CancellationToken);
        }
    }
}

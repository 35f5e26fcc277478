using Grpc.Core;
using ZeroTrust.Authz.Grpc.Tests.Protos;

namespace ZeroTrust.Authz.Grpc.Tests;

/// <summary>A gRPC service that knows nothing of authorization contexts.</summary>
internal sealed class PlainLedger(LedgerProbe probe) : Ledger.LedgerBase
{
    public override async Task<Entry> Read(Entry request, ServerCallContext context)
    {
        if (request.Text == "long")
        {
            probe.Received.TrySetResult();
            await Task.Delay(Timeout.Infinite, context.CancellationToken);
        }

        return request;
    }

    public override async Task Watch(Entry request, IServerStreamWriter<Entry> responseStream, ServerCallContext context)
    {
        await responseStream.WriteAsync(request);
        await Task.Delay(Timeout.Infinite, context.CancellationToken)
            .ConfigureAwait(request.Text == "swallows" ? ConfigureAwaitOptions.SuppressThrowing : ConfigureAwaitOptions.None);
    }

    public override async Task<Entry> Collect(IAsyncStreamReader<Entry> requestStream, ServerCallContext context)
    {
        while (await requestStream.MoveNext(CancellationToken.None))
        {
            probe.Received.TrySetResult();
        }

        return new Entry();
    }

    public override async Task Exchange(
        IAsyncStreamReader<Entry> requestStream, IServerStreamWriter<Entry> responseStream, ServerCallContext context)
    {
        while (await requestStream.MoveNext(CancellationToken.None))
        {
            await responseStream.WriteAsync(requestStream.Current);
        }
    }
}

using Grpc.Core;
using ZeroTrust.Authz.AspNetCore;
using ZeroTrust.Authz.Grpc.Tests.Protos;

namespace ZeroTrust.Authz.Grpc.Tests;

/// <summary>Methods that each do one thing a method may do with its context; what they say about themselves goes to <see cref="LedgerProbe"/>.</summary>
internal sealed class LedgerService(LedgerProbe probe) : Ledger.LedgerBase
{
    public const string Canary = "canary-of-the-ledger";

    [RequirePermission("orders:read")]
    public override Task<Entry> Read(Entry request, ServerCallContext context) =>
        Task.FromResult(new Entry { Text = $"{context.GetAuthzContext().Tenant}|{string.Join(',', context.RequestHeaders.Select(header => header.Key))}" });

    [RequireContext]
    public override Task<Entry> ReadOf(Entry request, ServerCallContext context)
    {
        context.GetAuthzContext().RequireTenant(TenantId.Parse(request.Text));
        return Task.FromResult(request);
    }

    [RequireContext]
    public override Task<Entry> Fail(Entry request, ServerCallContext context) => throw (request.Text == "rpc"
        ? new RpcException(new Status(StatusCode.AlreadyExists, "chosen by the method"))
        : new InvalidOperationException(Canary));

    [RequireContext]
    public override async Task Watch(Entry request, IServerStreamWriter<Entry> responseStream, ServerCallContext context)
    {
        await responseStream.WriteAsync(new Entry { Text = context.GetHttpContext().Request.Protocol });
        switch (request.Text)
        {
            case "once":
                return;
            case "stubborn":
                await probe.Release.Task;
                return;
            case "swallows":
                await Task.Delay(Timeout.Infinite, context.CancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                return;
            case "writes":
                await Task.Delay(Timeout.Infinite, context.CancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                await responseStream.WriteAsync(new Entry { Text = "too late" });
                return;
            default:
                await Task.Delay(Timeout.Infinite, context.CancellationToken);
                return;
        }
    }

    [RequireContext]
    public override async Task<Entry> Collect(IAsyncStreamReader<Entry> requestStream, ServerCallContext context)
    {
        var count = 0;
        while (await requestStream.MoveNext(CancellationToken.None))
        {
            count++;
            probe.Received.TrySetResult();
        }

        return new Entry { Text = count.ToString(provider: null) };
    }

    [RequireContext]
    public override async Task Exchange(IAsyncStreamReader<Entry> requestStream, IServerStreamWriter<Entry> responseStream, ServerCallContext context)
    {
        while (await requestStream.MoveNext(context.CancellationToken))
        {
            await responseStream.WriteAsync(requestStream.Current);
        }
    }
}

using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using ZeroTrust.Mtls;

namespace ZeroTrust.AspNetCore.Internal;

/// <summary>A connection is trusted only as long as the trust it rests on.</summary>
internal sealed class PeerCurrencyMiddleware(RequestDelegate next, RejectionHandler rejections, TimeProvider time)
{
    private static readonly TimeSpan AnswerTime = TimeSpan.FromMilliseconds(500);

    public Task InvokeAsync(HttpContext context)
    {
        if (context.GetListener()?.Role is not (ListenerRole.Mesh or ListenerRole.Management))
        {
            return next(context);
        }

        if (context.Features.Get<IPeerFeature>() is not { } feature)
        {
            return RefuseAsync(context, AspNetCoreRejections.Refuse(AspNetCoreRejectionReason.PeerRequired, "The connection has no verified peer."));
        }

        var verifier = context.RequestServices.GetRequiredService<PeerVerifier>();
        if (!verifier.Recheck(feature.Peer).TryGet(out var peer, out var rejection))
        {
            return RefuseAsync(context, rejection);
        }

        if (!ReferenceEquals(peer, feature.Peer) && feature is PeerFeature own)
        {
            own.Peer = peer;
        }

        return next(context);
    }

    private async Task RefuseAsync(HttpContext context, Rejection rejection)
    {
        // The caller is given time to read why; then nothing of the connection is left, open streams included.
        context.Features.Get<IConnectionLifetimeNotificationFeature>()?.RequestClose();
        if (context.Features.Get<IConnectionLifetimeFeature>() is { } connection)
        {
            _ = AbortAsync(connection);
        }

        await rejections.RefuseAsync(context, rejection).ConfigureAwait(false);
    }

    private async Task AbortAsync(IConnectionLifetimeFeature connection)
    {
        try
        {
            await Task.Delay(AnswerTime, time, connection.ConnectionClosed).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return;
        }

        connection.Abort();
    }
}

using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;

namespace ZeroTrust.HealthChecks.Internal;

/// <summary>Asks each connection that carries a call during the drain to carry no more after it, in a way its client can act on without losing a call.</summary>
/// <remarks>
/// A connection is only ever closed around a response, never while idle: closing an idle one can cross a request already on its way.
/// HTTP/1.1: <c>Connection: close</c> on the response (RFC 9112 section 9.6). HTTP/2: GOAWAY that still admits every stream on its way,
/// then the final one once none is open (RFC 9113 section 6.8). New connections keep being accepted until the listeners close.
/// </remarks>
internal static class ConnectionDrain
{
    public static void Attach(HttpContext context, ReadinessHub hub)
    {
        // At once where possible: the longer the client knows before its last stream ends, the fewer streams it opens in vain.
        if (hub.Current.IsDraining && HttpProtocol.IsHttp2(context.Request.Protocol))
        {
            RequestClose(context);
            return;
        }

        // Judged as the response starts, so that calls already running when the drain begins are covered.
        context.Response.OnStarting(
            static state =>
            {
                var (context, hub) = ((HttpContext, ReadinessHub))state;
                if (hub.Current.IsDraining)
                {
                    Announce(context);
                }

                return Task.CompletedTask;
            },
            (context, hub));
    }

    private static void Announce(HttpContext context)
    {
        if (HttpProtocol.IsHttp11(context.Request.Protocol))
        {
            context.Response.Headers.Connection = "close";
        }
        else if (HttpProtocol.IsHttp2(context.Request.Protocol))
        {
            RequestClose(context);
        }
    }

    private static void RequestClose(HttpContext context)
    {
        var connection = context.Features.Get<IConnectionLifetimeNotificationFeature>();
        if (connection is { ConnectionClosedRequested.IsCancellationRequested: false })
        {
            connection.RequestClose();
        }
    }
}

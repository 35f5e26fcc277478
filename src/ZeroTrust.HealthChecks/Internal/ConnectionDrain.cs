using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;

namespace ZeroTrust.HealthChecks.Internal;

/// <summary>Asks each connection that carries a call during the drain to carry no more after it, in a way its client can act on without losing a call.</summary>
/// <remarks>
/// A connection is only ever closed around a response, never while idle: closing an idle one can cross a request already on its way.
/// New connections keep being accepted until the listeners close.
/// </remarks>
internal sealed class ConnectionDrain(ReadinessHub hub, TimeProvider time)
{
    public Task RunAsync(HttpContext context, RequestDelegate call)
    {
        if (HttpProtocol.IsHttp2(context.Request.Protocol))
        {
            return context.Features.Get<IConnectionLifetimeNotificationFeature>() is { } connection
                ? RunHttp2Async(context, call, new Http2GoAway(connection, hub, time))
                : call(context);
        }

        // RFC 9112 section 9.6. Judged as the response starts, so that calls already running when the drain begins are covered.
        context.Response.OnStarting(
            static state =>
            {
                var (context, hub) = ((HttpContext, ReadinessHub))state;
                if (hub.Current.IsDraining)
                {
                    context.Response.Headers.Connection = "close";
                }

                return Task.CompletedTask;
            },
            (context, hub));
        return call(context);
    }

    private static async Task RunHttp2Async(HttpContext context, RequestDelegate call, Http2GoAway goAway)
    {
        goAway.SendIfDraining();
        context.Response.OnStarting(
            static goAway =>
            {
                ((Http2GoAway)goAway).SendIfDraining();
                return Task.CompletedTask;
            },
            goAway);
        try
        {
            await call(context).ConfigureAwait(false);
        }
        finally
        {
            await goAway.LingerAsync(context.RequestAborted).ConfigureAwait(false);
        }
    }
}

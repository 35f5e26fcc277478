using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using ZeroTrust.AspNetCore.Connections;

namespace ZeroTrust.AspNetCore;

/// <summary>Asks a connection to carry no more calls, in a way its client can act on without losing one: GOAWAY over HTTP/2, <c>Connection: close</c> over HTTP/1.1.</summary>
/// <remarks>
/// A connection is only ever closed around a response, never while idle: closing an idle one can cross a request already on its way.
/// New connections keep being accepted.
/// </remarks>
/// <param name="isDraining">Whether the connection of this call is to end; asked as the call begins and again as its response starts.</param>
/// <param name="time">The time of the round trip that a client is given.</param>
public sealed class ConnectionDrain(Func<HttpContext, bool> isDraining, TimeProvider time)
{
    /// <summary>How long a stream is kept open behind the first GOAWAY: 100 milliseconds.</summary>
    public static readonly TimeSpan RoundTrip = TimeSpan.FromMilliseconds(100);

    /// <summary>Runs one call and, where its connection is to end, ends it around the response.</summary>
    /// <param name="context">The call.</param>
    /// <param name="call">The rest of the pipeline.</param>
    public Task RunAsync(HttpContext context, RequestDelegate call)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(call);
        if (HttpProtocol.IsHttp2(context.Request.Protocol))
        {
            return context.Features.Get<IConnectionLifetimeNotificationFeature>() is { } connection
                ? RunHttp2Async(context, call, new Http2GoAway(context, connection, isDraining, time))
                : call(context);
        }

        // RFC 9112 section 9.6. Judged as the response starts, so that calls already running when the drain begins are covered.
        context.Response.OnStarting(
            static state =>
            {
                var (context, isDraining) = ((HttpContext, Func<HttpContext, bool>))state;
                if (isDraining(context))
                {
                    context.Response.Headers.Connection = "close";
                }

                return Task.CompletedTask;
            },
            (context, isDraining));
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

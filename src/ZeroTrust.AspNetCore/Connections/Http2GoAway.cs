using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;

namespace ZeroTrust.AspNetCore.Connections;

/// <summary>One call's part in ending its HTTP/2 connection.</summary>
/// <remarks>
/// The server sends a first GOAWAY that still admits every stream, and the final one, then closes, as soon as no stream is open. Between
/// the two a client needs a round trip to stop opening streams (RFC 9113 section 6.8), or it writes into a closed connection, which
/// clients, .NET's among them, do not retry; a GOAWAY behind the end of the stream leaves them no such time. So the call that caused the
/// first GOAWAY keeps its own stream open for that long: once per connection.
/// </remarks>
internal sealed class Http2GoAway(
    HttpContext context, IConnectionLifetimeNotificationFeature connection, Func<HttpContext, bool> isDraining, TimeProvider time)
{
    private long? _sentAt;

    public void SendIfDraining()
    {
        if (isDraining(context) && !connection.ConnectionClosedRequested.IsCancellationRequested)
        {
            _sentAt = time.GetTimestamp();
            connection.RequestClose();
        }
    }

    public async Task LingerAsync(CancellationToken aborted)
    {
        if (_sentAt is { } sentAt && ConnectionDrain.RoundTrip - time.GetElapsedTime(sentAt) is { Ticks: > 0 } rest)
        {
            await Task.Delay(rest, time, aborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}

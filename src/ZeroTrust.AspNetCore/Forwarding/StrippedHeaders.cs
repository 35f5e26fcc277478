using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using ZeroTrust.Shared;

namespace ZeroTrust.AspNetCore.Forwarding;

/// <summary>
/// Takes the headers of one kind that nobody is believed about, of a request and of its trailers, and says so once for each.
/// </summary>
/// <param name="recognize">Gives the name of a header that is to be taken.</param>
/// <param name="budgets">How often it is logged.</param>
/// <param name="count">Counts one name on a listener.</param>
/// <param name="log">Logs the names, the listener and the workload.</param>
internal sealed class StrippedHeaders(
    Func<string, string?> recognize, ListenerEventBudgets budgets, Action<string?, string> count, Action<string, string?, string?> log)
{
    /// <summary>Has the trailers of the request cleaned when they are read.</summary>
    public void CleanTrailersOf(HttpContext context)
    {
        if (context.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: true }
            && context.Features.Get<IHttpRequestTrailersFeature>() is { } trailers)
        {
            context.Features.Set<IHttpRequestTrailersFeature>(new CleanTrailers(trailers, recognize, taken => Tell(context, taken)));
        }
    }

    public void Tell(HttpContext context, IReadOnlyList<InboundHeader> headers)
    {
        var (listener, workload) = (context.GetListener()?.Name, context.GetVerifiedPeer()?.ToString());
        var names = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var header in headers)
        {
            names.Add(header.Name);
            count(listener, header.Name);
        }

        if (budgets.TryPass(listener, EventCaller.Of(workload, context.Features.Get<IConnectionEndPointFeature>()?.RemoteEndPoint)))
        {
            log(string.Join(", ", names), listener, workload);
        }
    }
}

using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using ZeroTrust.AspNetCore.Diagnostics;
using ZeroTrust.AspNetCore.Forwarding;
using ZeroTrust.Shared;

namespace ZeroTrust.AspNetCore.Proxies;

/// <summary>
/// First of the pipeline: takes every header in which a proxy says where a client comes from and what it asked for, and believes those
/// that a listener believes, of its proxies alone.
/// </summary>
internal sealed class ProxyWordMiddleware
{
    private readonly RequestDelegate _next;
    private readonly Func<string, string?> _recognize;
    private readonly AspNetCoreMetrics _metrics;
    private readonly QuietLogger _logger;
    private readonly ListenerEventBudgets _budgets;

    public ProxyWordMiddleware(
        RequestDelegate next, ForwardedHeaders names, AspNetCoreMetrics metrics, TimeProvider time, ILogger<ProxyWordMiddleware> logger)
    {
        _next = next;
        _recognize = names.Recognize;
        _metrics = metrics;
        _logger = new QuietLogger(logger);
        _budgets = new ListenerEventBudgets(
            time, (listener, suppressed) => Log.ForwardedHeadersSuppressed(_logger, listener, suppressed.Count, suppressed.Caller));
    }

    public Task InvokeAsync(HttpContext context)
    {
        var headers = InboundHeaders.Take(context.Request.Headers, _recognize);
        if (headers.Count > 0)
        {
            var stripped = context.Features.Get<ForwardedHeadersPolicy>() is { } policy && policy.IsProxy(context)
                ? policy.Apply(context, headers, _recognize)
                : headers;
            if (stripped.Count > 0)
            {
                Stripped(context, stripped);
            }
        }

        CleanTrailersOf(context);
        return _next(context);
    }

    private void CleanTrailersOf(HttpContext context)
    {
        if (context.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: true }
            && context.Features.Get<IHttpRequestTrailersFeature>() is { } trailers)
        {
            context.Features.Set<IHttpRequestTrailersFeature>(new CleanTrailers(trailers, _recognize, taken => Stripped(context, taken)));
        }
    }

    private void Stripped(HttpContext context, IReadOnlyList<InboundHeader> headers)
    {
        var (listener, workload) = (context.GetListener()?.Name, context.GetVerifiedPeer()?.ToString());
        var names = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var header in headers)
        {
            names.Add(header.Name);
            _metrics.ForwardedHeaderStripped(listener, header.Name);
        }

        if (_budgets.TryPass(listener, EventCaller.Of(workload, context.Features.Get<IConnectionEndPointFeature>()?.RemoteEndPoint)))
        {
            Log.ForwardedHeaderStripped(_logger, string.Join(", ", names), listener, workload);
        }
    }
}

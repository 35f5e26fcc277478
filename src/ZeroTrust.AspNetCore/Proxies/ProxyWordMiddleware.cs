using Microsoft.AspNetCore.Http;
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
    private readonly StrippedHeaders _stripped;

    public ProxyWordMiddleware(
        RequestDelegate next, ForwardedHeaders names, AspNetCoreMetrics metrics, TimeProvider time, ILogger<ProxyWordMiddleware> logger)
    {
        var quiet = new QuietLogger(logger);
        _next = next;
        _recognize = names.Recognize;
        _stripped = new StrippedHeaders(
            _recognize,
            new ListenerEventBudgets(
                time, (listener, suppressed) => Log.ForwardedHeadersSuppressed(quiet, listener, suppressed.Count, suppressed.Caller)),
            metrics.ForwardedHeaderStripped,
            (headers, listener, workload) => Log.ForwardedHeaderStripped(quiet, headers, listener, workload));
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
                _stripped.Tell(context, stripped);
            }
        }

        _stripped.CleanTrailersOf(context);
        return _next(context);
    }
}

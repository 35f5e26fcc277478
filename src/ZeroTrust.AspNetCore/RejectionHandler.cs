using System.Diagnostics;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using ZeroTrust.AspNetCore.Diagnostics;
using ZeroTrust.AspNetCore.Internal;
using ZeroTrust.AspNetCore.Refusals;
using ZeroTrust.Shared;

namespace ZeroTrust.AspNetCore;

/// <summary>The one place a refused call is answered, logged and counted.</summary>
/// <remarks>
/// The caller learns <see cref="Rejection.Code"/> and nothing else; the detail goes to the log.
/// 401, 403, 400, 502, 503 with Retry-After, or 500 by <see cref="Rejection.Kind"/>; RFC 9457. Of a refused outbound call the caller learns
/// <c>aspnetcore.upstream_refused</c> or <c>aspnetcore.upstream_unavailable</c>, and the log which server was refused. Every refusal is counted
/// by the metric; the log takes what one caller, and all together, may write in a second, and sums up the rest by caller.
/// </remarks>
public sealed class RejectionHandler
{
    internal const string RetryAfterSeconds = "1";

    /// <summary>The scheme of a 401 where there is nothing to try but another connection (RFC 9110 section 11.6.1).</summary>
    internal const string MeshScheme = "ZeroTrust";

    private readonly IRejectionWriter[] _writers;
    private readonly QuietLogger _logger;
    private readonly AspNetCoreMetrics _metrics;
    private readonly ListenerEventBudgets _budgets;
    private readonly UncaughtRefusals _uncaught;

    internal RejectionHandler(
        IEnumerable<IRejectionWriter> writers,
        IEnumerable<IUpstreamRefusalReader> readers,
        ILogger<RejectionHandler> logger,
        AspNetCoreMetrics metrics,
        TimeProvider time)
    {
        _writers = [.. writers];
        _uncaught = new UncaughtRefusals(readers);
        _logger = new QuietLogger(logger);
        _metrics = metrics;
        _budgets = new ListenerEventBudgets(
            time, (listener, suppressed) => Log.CallRefusalsSuppressed(_logger, listener, suppressed.Count, suppressed.Caller));
    }

    /// <summary>The HTTP status a rejection is answered with.</summary>
    /// <param name="rejection">Why.</param>
    /// <returns>404 where the endpoint is not there for this caller, else 401, 403, 400, 502, 503 or 500 by the rejection's kind.</returns>
    public static int StatusOf(Rejection rejection)
    {
        ArgumentNullException.ThrowIfNull(rejection);
        if (rejection.Code == AspNetCoreRejections.EndpointNotFoundCode || rejection.Code == AspNetCoreRejections.EndpointNotOnListenerCode)
        {
            return StatusCodes.Status404NotFound;
        }

        return rejection.Kind switch
        {
            RejectionKind.Unauthenticated => StatusCodes.Status401Unauthorized,
            RejectionKind.Forbidden => StatusCodes.Status403Forbidden,
            RejectionKind.Malformed => StatusCodes.Status400BadRequest,
            RejectionKind.Unavailable => StatusCodes.Status503ServiceUnavailable,
            RejectionKind.BadGateway => StatusCodes.Status502BadGateway,
            _ => StatusCodes.Status500InternalServerError,
        };
    }

    /// <summary>The HTTP status that this call is answered with.</summary>
    /// <param name="context">The call.</param>
    /// <param name="rejection">Why, as <see cref="Answerable"/> has it.</param>
    /// <returns>
    /// That of the rejection; 502 in place of 503 for <c>aspnetcore.upstream_unavailable</c> where the method of the call is not
    /// idempotent.
    /// </returns>
    /// <remarks>
    /// Such a call has been executed as far as the other server. 503 would have its caller send it again, which is for idempotent methods
    /// (RFC 9110 section 9.2.2).
    /// </remarks>
    public static int StatusOf(HttpContext context, Rejection rejection)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(rejection);
        return rejection.Code == AspNetCoreRejections.UpstreamUnavailableCode && !IsIdempotent(context.Request.Method)
            ? StatusCodes.Status502BadGateway
            : StatusOf(rejection);
    }

    /// <summary>What a caller may be told of a rejection.</summary>
    /// <param name="rejection">Why.</param>
    /// <returns>
    /// The rejection itself; of an outbound call (<see cref="Rejection.IsOutbound"/>) <c>aspnetcore.upstream_refused</c> or
    /// <c>aspnetcore.upstream_unavailable</c>, whose detail holds the rejection.
    /// </returns>
    public static Rejection Answerable(Rejection rejection)
    {
        ArgumentNullException.ThrowIfNull(rejection);
        return rejection.IsOutbound ? AspNetCoreRejections.Upstream(rejection) : rejection;
    }

    /// <summary>The refusal that an uncaught exception tells of, or one of its causes.</summary>
    /// <param name="exception">What a handler let pass.</param>
    /// <returns>
    /// That of a <see cref="RejectionException"/>; else one of an outbound call, where a server that was called answered 401 or 403
    /// (<see cref="HttpRequestException.StatusCode"/>), or refused in another protocol that an <see cref="IUpstreamRefusalReader"/> reads.
    /// Null for everything else, such as other statuses and outages.
    /// </returns>
    public Rejection? FindRefusal(Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        return _uncaught.FindIn(exception);
    }

    /// <summary>Refuses the call: answers in its protocol, logs <c>CallRefused</c>, counts.</summary>
    /// <param name="context">The call. When its response has started it is aborted, for nothing better can be said.</param>
    /// <param name="rejection">Why.</param>
    /// <remarks>
    /// The answer goes to the server at once and is complete: middleware that buffers or rewrites responses does not see it, and cannot send
    /// another in its place. Headers that callbacks add as the response starts are kept.
    /// </remarks>
    public Task RefuseAsync(HttpContext context, Rejection rejection)
    {
        ArgumentNullException.ThrowIfNull(context);
        var told = Answerable(rejection);
        var status = StatusOf(context, told);
        var call = GuardedCall.Find(context);
        if (call?.IsGivenUp == true)
        {
            // Told already; the server sends its empty 500.
            throw new RejectionException(rejection);
        }

        Report(context, rejection, status);
        if (call?.IsAnswered == true)
        {
            return Task.CompletedTask;
        }

        if ((call?.ServerResponse.HasStarted ?? false) || context.Response.HasStarted)
        {
            context.Abort();
            return Task.CompletedTask;
        }

        if (call is null)
        {
            return WriteAsync(context, told, status);
        }

        if (call.AbandonUnsentBytes())
        {
            return Task.CompletedTask;
        }

        return ServerAnswer.WriteAsync(context, call, GuardedAnswer.Refusal, () => WriteAsync(context, told, status));
    }

    /// <summary>Logs and counts a refusal that is answered elsewhere: by the framework of another protocol, from within its handler.</summary>
    /// <param name="context">The call.</param>
    /// <param name="rejection">Why.</param>
    public void Report(HttpContext context, Rejection rejection)
    {
        ArgumentNullException.ThrowIfNull(context);
        Report(context, rejection, StatusOf(context, Answerable(rejection)));
    }

    /// <summary>Logs and counts a refusal that cannot be answered.</summary>
    internal void Report(HttpContext context, Rejection rejection, int status)
    {
        var listener = context.GetListener()?.Name;
        var workload = context.GetVerifiedPeer()?.ToString();
        context.Features.Set(ReportedRefusal.Mark);
        var told = Answerable(rejection);
        if (_budgets.TryPass(listener, EventCaller.Of(workload, context.Features.Get<IConnectionEndPointFeature>()?.RemoteEndPoint)))
        {
            if (rejection.IsOutbound)
            {
                Log.CallFailedUpstream(_logger, workload, listener, told, status);
            }
            else
            {
                Log.CallRefused(_logger, listener, workload, context.Features.Get<IForwardedPeerFeature>()?.Proxy.ToString(), rejection, status);
            }
        }

        _metrics.CallRefused(listener, told.Code);
        if (context.Features.Get<IHttpActivityFeature>()?.Activity is { } activity)
        {
            activity.SetTag("error.type", told.Code);
            activity.SetStatus(ActivityStatusCode.Error);
        }
    }

    private static bool IsIdempotent(string method) =>
        HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method) || HttpMethods.IsTrace(method)
        || HttpMethods.IsPut(method) || HttpMethods.IsDelete(method);

    private Task WriteAsync(HttpContext context, Rejection told, int status)
    {
        context.Response.Clear();
        context.Response.StatusCode = status;
        context.Response.Headers.CacheControl = "no-store";
        if (status == StatusCodes.Status401Unauthorized)
        {
            // RFC 9110 section 11.6.1: a 401 names a scheme.
            context.Response.Headers.WWWAuthenticate = context.GetListener()?.Role == ListenerRole.Edge ? "Bearer" : MeshScheme;
        }
        else if (status == StatusCodes.Status503ServiceUnavailable)
        {
            context.Response.Headers.RetryAfter = RetryAfterSeconds;
        }

        foreach (var writer in _writers)
        {
            if (writer.CanWrite(context))
            {
                return writer.WriteAsync(context, told, context.RequestAborted);
            }
        }

        return GrpcRefusal.IsGrpc(context.Request) && GrpcRefusal.TryTell(context, told)
            ? context.Response.CompleteAsync()
            : ProblemRejectionWriter.WriteAsync(context, told, context.RequestAborted);
    }
}

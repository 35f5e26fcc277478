using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Net.Http.Headers;
using ZeroTrust.AspNetCore.Diagnostics;
using ZeroTrust.AspNetCore.Internal;
using ZeroTrust.Shared;

namespace ZeroTrust.AspNetCore.Auditing;

/// <summary>Writes one event for each call that a decision accepted and nothing refused later, where the listener asks for it.</summary>
internal sealed class ServedCallAuditMiddleware(RequestDelegate next, IServiceProvider services, ILogger<ServedCallAuditMiddleware> logger)
{
    private const string None = "none";
    private const string OtherMethod = "_OTHER";

    private readonly QuietLogger _logger = new(logger);
    private readonly RejectionHandler _rejections = services.GetRequiredService<RejectionHandler>();
    private readonly IServedCallFacts? _facts = services.GetService<IServedCallFacts>();

    public Task InvokeAsync(HttpContext context) =>
        context.GetListener() is ListenerFeature { AuditsServedCalls: true } ? AuditAsync(context) : next(context);

    private async Task AuditAsync(HttpContext context)
    {
        try
        {
            await next(context).ConfigureAwait(false);
        }
        catch (Exception exception) when (_rejections.FindRefusal(exception) is null)
        {
            // The server answers so, unless the answer is on its way.
            Tell(context, context.Response.HasStarted ? context.Response.StatusCode : StatusCodes.Status500InternalServerError);
            throw;
        }

        Tell(context, context.Response.StatusCode);
    }

    private void Tell(HttpContext context, int status)
    {
        if (GuardedCall.Find(context)?.Accepted is not { } endpoint
            || endpoint.Metadata.GetMetadata<IEndpointDecision>() is not { Description: var decision }
            || context.Features.Get<ReportedRefusal>() is not null)
        {
            return;
        }

        Log.CallServed(_logger, new ServedCall(
            MethodOf(context),
            (endpoint as RouteEndpoint)?.RoutePattern.RawText ?? None,
            context.GetListener()?.Name ?? None,
            context.GetVerifiedPeer()?.ToString() ?? None,
            decision,
            status,
            GrpcStatusOf(context),
            _facts?.TenantOf(context) ?? None,
            _facts?.SubjectOf(context) ?? None));
    }

    // Any token is a method; only those that are known say nothing of the caller's.
    private static string MethodOf(HttpContext context) => context.Request.Method switch
    {
        "GET" or "HEAD" or "POST" or "PUT" or "DELETE" or "CONNECT" or "OPTIONS" or "TRACE" or "PATCH" => context.Request.Method,
        _ => OtherMethod,
    };

    // A call without messages has it among the headers.
    private static string? GrpcStatusOf(HttpContext context) =>
        context.Features.Get<IHttpResponseTrailersFeature>()?.Trailers[HeaderNames.GrpcStatus] is [{ } trailer]
            ? trailer
            : context.Response.Headers.GrpcStatus is [{ } header] ? header : null;
}

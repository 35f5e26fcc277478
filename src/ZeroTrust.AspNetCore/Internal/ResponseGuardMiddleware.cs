using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace ZeroTrust.AspNetCore.Internal;

/// <summary>
/// No response starts that nobody has decided: not by an endpoint that routing ran itself, nor by a middleware that answers before the
/// decision. The call fails with an empty 500 instead; the program has a defect.
/// </summary>
internal sealed class ResponseGuardMiddleware
{
    private readonly RequestDelegate _next;
    private readonly RejectionHandler _rejections;
    private readonly Func<object, Task> _check;

    public ResponseGuardMiddleware(RequestDelegate next, RejectionHandler rejections)
    {
        _next = next;
        _rejections = rejections;
        _check = state => CheckAsync((HttpContext)state);
    }

    public Task InvokeAsync(HttpContext context)
    {
        // The first that is registered is the last that is asked: nothing changes the response after it.
        context.Response.OnStarting(_check, context);
        return _next(context);
    }

    private static bool IsDecided(HttpContext context) =>
        context.Features.Get<RefusedCall>() is not null || DecisionOutcome.IsAccepted(context) || IsAnsweredPreflight(context);

    // The CORS middleware stands before the decision, as browsers send no credentials with a preflight. A 204 has no body.
    private static bool IsAnsweredPreflight(HttpContext context) =>
        HttpMethods.IsOptions(context.Request.Method)
        && context.Response.StatusCode == StatusCodes.Status204NoContent
        && context.Request.Headers.ContainsKey(HeaderNames.Origin)
        && context.Request.Headers.ContainsKey(HeaderNames.AccessControlRequestMethod);

    private Task CheckAsync(HttpContext context)
    {
        if (IsDecided(context))
        {
            PrivateAnswer.Apply(context);
            return Task.CompletedTask;
        }

        var rejection = AspNetCoreRejections.Refuse(
            AspNetCoreRejectionReason.ResponseUndecided,
            $"A response was about to start ({context.Response.StatusCode}) and no decision had accepted the call; endpoint {context.GetEndpoint()?.DisplayName ?? "none"}.");
        _rejections.Report(context, rejection);

        // The server gives up the response and what was written to it.
        throw new RejectionException(rejection);
    }
}

using Microsoft.AspNetCore.Http;

namespace ZeroTrust.AspNetCore.Internal;

/// <summary>Right before the CORS middleware: what that one answers by itself to a preflight is sent at once, its own headers and nothing else.</summary>
internal sealed class PreflightMiddleware(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context) =>
        Preflight.IsAsked(context.Request) && GuardedCall.Of(context) is { } call ? AnswerAsync(context, call) : next(context);

    private async Task AnswerAsync(HttpContext context, GuardedCall call)
    {
        call.IsPreflight = true;
        await next(context).ConfigureAwait(false);
        if (!call.IsPreflight || context.Response.HasStarted)
        {
            return;
        }

        call.IsPreflight = false;
        var headers = Preflight.HeadersOf(context.Response);
        await ServerAnswer.WriteAsync(context, call, GuardedAnswer.Preflight, () =>
        {
            context.Response.Clear();
            context.Response.StatusCode = StatusCodes.Status204NoContent;
            foreach (var (name, value) in headers)
            {
                context.Response.Headers[name] = value;
            }

            return Task.CompletedTask;
        }).ConfigureAwait(false);
    }
}

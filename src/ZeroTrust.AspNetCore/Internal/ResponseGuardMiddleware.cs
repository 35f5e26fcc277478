using Microsoft.AspNetCore.Http;

namespace ZeroTrust.AspNetCore.Internal;

/// <summary>
/// The first thing that sees a call. Every endpoint the call is given asks before it runs; and no response starts that nobody has decided: by a
/// middleware that answers before the decision, or one that rewrites a refusal. The call fails with an empty 500 instead; the program has a defect.
/// </summary>
internal sealed class ResponseGuardMiddleware
{
    private readonly RequestDelegate _next;
    private readonly RejectionHandler _rejections;
    private readonly EndpointGates _gates;
    private readonly Func<object, Task> _check;

    public ResponseGuardMiddleware(RequestDelegate next, RejectionHandler rejections, EndpointGates gates)
    {
        _next = next;
        _rejections = rejections;
        _gates = gates;
        _check = state => CheckAsync((GuardedCall)state);
    }

    public Task InvokeAsync(HttpContext context)
    {
        if (GuardedCall.Of(context) is null)
        {
            // The first that is registered is the last that is asked: nothing changes the response after it.
            context.Response.OnStarting(_check, _gates.Begin(context));
        }

        return _next(context);
    }

    private static bool IsDecided(GuardedCall call) => call.Answer switch
    {
        GuardedAnswer.Refusal => call.IsUnchanged(call.Context.Response),
        GuardedAnswer.Preflight => call.IsUnchanged(call.Context.Response) && Preflight.KeepOnlyItsHeaders(call.Context.Response.Headers),
        _ => GuardedCall.Of(call.Context) is not null && call.MayAnswer(),
    };

    private Task CheckAsync(GuardedCall call)
    {
        if (IsDecided(call))
        {
            if (call is { IsPrivate: true, Answer: GuardedAnswer.None })
            {
                PrivateAnswer.Apply(call.Context.Response.Headers);
            }

            return Task.CompletedTask;
        }

        var context = call.Context;
        var rejection = AspNetCoreRejections.Refuse(
            AspNetCoreRejectionReason.ResponseUndecided,
            $"A response was about to start ({context.Response.StatusCode}) and no decision had accepted the call; endpoint {context.GetEndpoint()?.DisplayName ?? "none"}.");
        _rejections.Report(context, rejection);
        call.IsGivenUp = true;

        // The server gives up the response and what was written to it.
        throw new RejectionException(rejection);
    }
}

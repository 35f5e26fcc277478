using Microsoft.AspNetCore.Http;
using ZeroTrust.AspNetCore.Refusals;

namespace ZeroTrust.AspNetCore.Internal;

/// <summary>
/// The first thing that sees a call. Every endpoint the call is given asks before it runs; and no response starts that nobody has decided: by a
/// middleware that answers before the decision, or one that rewrites a refusal. The call fails with an empty 500 instead; the program has a defect.
/// </summary>
internal sealed class ResponseGuardMiddleware(RequestDelegate next, EndpointGates gates)
{
    private static readonly Func<object, Task> Check = static state =>
    {
        var call = (GuardedCall)state;
        if (!call.JudgesConnection)
        {
            ConnectionRefusal.RemoveFrom(call.Context.Response.Headers);
        }

        call.RequireDecided();
        return Task.CompletedTask;
    };

    public Task InvokeAsync(HttpContext context)
    {
        if (GuardedCall.Of(context) is null)
        {
            // The first that is registered is the last that is asked: nothing changes the response after it.
            context.Response.OnStarting(Check, gates.Begin(context));
        }

        return next(context);
    }
}

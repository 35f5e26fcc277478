using Microsoft.AspNetCore.Http;

namespace ZeroTrust.AspNetCore.Internal;

/// <summary>An endpoint is there only on the listeners it is meant for.</summary>
internal sealed class ListenerRoleMiddleware(RequestDelegate next, RejectionHandler rejections)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (ListenerRoleCheck.Check(context, context.GetEndpoint()) is { } rejection)
        {
            return rejections.RefuseAsync(context, rejection);
        }

        GuardedCall.Of(context)?.ProveListener();
        return next(context);
    }
}

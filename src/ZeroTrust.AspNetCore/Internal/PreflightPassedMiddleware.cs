using Microsoft.AspNetCore.Http;

namespace ZeroTrust.AspNetCore.Internal;

/// <summary>Right after the CORS middleware: a preflight that comes this far was not answered by it, and is a call like any other.</summary>
internal sealed class PreflightPassedMiddleware(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (HttpMethods.IsOptions(context.Request.Method) && GuardedCall.Of(context) is { } call)
        {
            call.IsPreflight = false;
        }

        return next(context);
    }
}

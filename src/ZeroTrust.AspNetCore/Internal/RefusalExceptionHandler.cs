using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;

namespace ZeroTrust.AspNetCore.Internal;

/// <summary>Answers a refusal that <c>UseExceptionHandler</c> catches before the listener guard can, so that it reads the same either way.</summary>
internal sealed class RefusalExceptionHandler(RejectionHandler rejections) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (rejections.FindRefusal(exception) is not { } rejection)
        {
            return false;
        }

        await rejections.RefuseAsync(httpContext, rejection).ConfigureAwait(false);
        return true;
    }
}

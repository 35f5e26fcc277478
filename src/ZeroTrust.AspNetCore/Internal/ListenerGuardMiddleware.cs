using Microsoft.AspNetCore.Http;
using ZeroTrust.AspNetCore.Connections;

namespace ZeroTrust.AspNetCore.Internal;

/// <summary>Nothing is served on a connection that none of our listeners accepted.</summary>
internal sealed class ListenerGuardMiddleware(RequestDelegate next, RejectionHandler rejections)
{
    public async Task InvokeAsync(HttpContext context)
    {
        if (context.GetListener() is not { Role: not ListenerRole.Unspecified })
        {
            var rejection = AspNetCoreRejections.Refuse(
                AspNetCoreRejectionReason.ListenerUnknown, "The connection was accepted by something that ZeroTrust:Listeners does not declare.");
            rejections.Report(context, rejection, RejectionHandler.StatusOf(rejection));
            context.Abort();
            return;
        }

        var connection = context.Features.Get<HeldConnection>();
        connection?.BeginCall();
        try
        {
            await next(context).ConfigureAwait(false);
        }
        catch (Exception exception) when (rejections.FindRefusal(exception) is not null)
        {
            await rejections.RefuseAsync(context, rejections.FindRefusal(exception)!).ConfigureAwait(false);
        }
        finally
        {
            connection?.EndCall();
        }
    }
}

using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ZeroTrust.AspNetCore.Internal;

/// <summary>An endpoint is there only on the listeners it is meant for.</summary>
internal sealed class ListenerRoleMiddleware(RequestDelegate next, RejectionHandler rejections)
{
    private const ListenerRoles Default = ListenerRoles.Edge | ListenerRoles.Mesh;

    public Task InvokeAsync(HttpContext context) =>
        Check(context) is { } rejection ? rejections.RefuseAsync(context, rejection) : next(context);

    private static Rejection? Check(HttpContext context)
    {
        // Routing's own answers (405, 415) are plain endpoints; they would tell strangers which routes exist.
        if (context.GetEndpoint() is not { } endpoint
            || (endpoint is not RouteEndpoint && endpoint.Metadata.GetMetadata<IEndpointDecision>() is null))
        {
            return AspNetCoreRejections.Refuse(AspNetCoreRejectionReason.EndpointNotFound, "No endpoint matches the request.");
        }

        var roles = endpoint.Metadata.GetMetadata<IListenerRoleMetadata>()?.Roles ?? Default;
        if ((roles & SetOf(context.GetListener()?.Role)) == ListenerRoles.None)
        {
            return new Rejection(
                AspNetCoreRejections.EndpointNotOnListenerCode,
                $"{endpoint.DisplayName} is not served on this listener.",
                AspNetCoreRejections.Family.KindOf(AspNetCoreRejectionReason.EndpointNotOnListener))
            {
                Expected = roles.ToString(),
                Presented = context.GetListener()?.Role.ToString(),
            };
        }

        // The framework skips every policy of such an endpoint, the fallback included.
        return endpoint.Metadata.GetMetadata<IAllowAnonymous>() is null
            ? null
            : AspNetCoreRejections.Refuse(AspNetCoreRejectionReason.EndpointUndecided, $"{endpoint.DisplayName} allows anonymous calls; use AllowPublic.");
    }

    private static ListenerRoles SetOf(ListenerRole? role) => role switch
    {
        ListenerRole.Edge => ListenerRoles.Edge,
        ListenerRole.Mesh => ListenerRoles.Mesh,
        ListenerRole.Probe => ListenerRoles.Probe,
        ListenerRole.Management => ListenerRoles.Management,
        _ => ListenerRoles.None,
    };
}

using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ZeroTrust.AspNetCore.Internal;

/// <summary>Whether an endpoint is there on the listener of the call.</summary>
internal static class ListenerRoleCheck
{
    private const ListenerRoles Default = ListenerRoles.Edge | ListenerRoles.Mesh;

    public static Rejection? Check(HttpContext context, Endpoint? endpoint)
    {
        // Routing's own answers (405, 415) are plain endpoints; they would tell strangers which routes exist.
        if (endpoint is null || (endpoint is not RouteEndpoint && endpoint.Metadata.GetMetadata<IEndpointDecision>() is null))
        {
            return AspNetCoreRejections.Refuse(AspNetCoreRejectionReason.EndpointNotFound, "No endpoint matches the request.");
        }

        var roles = endpoint.Metadata.GetMetadata<IListenerRoleMetadata>()?.Roles ?? Default;
        var listener = context.GetListener();
        if ((roles & SetOf(listener?.Role)) == ListenerRoles.None)
        {
            return new Rejection(
                AspNetCoreRejections.EndpointNotOnListenerCode,
                $"{endpoint.DisplayName} is not served on this listener.",
                AspNetCoreRejections.Family.KindOf(AspNetCoreRejectionReason.EndpointNotOnListener))
            {
                Expected = roles.ToString(),
                Presented = listener?.Role.ToString(),
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

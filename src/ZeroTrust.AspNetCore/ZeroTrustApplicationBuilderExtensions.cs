using Microsoft.AspNetCore.Builder;
using ZeroTrust.AspNetCore.Internal;

namespace ZeroTrust;

/// <summary>The middleware of the host. <c>UseZeroTrust()</c> of the package ZeroTrust adds all of it in its order.</summary>
public static class ZeroTrustApplicationBuilderExtensions
{
    /// <summary>First of all: aborts a call whose connection carries no listener's mark, and answers escaped rejections.</summary>
    /// <param name="app">The application.</param>
    /// <returns>The same application.</returns>
    public static IApplicationBuilder UseListenerGuard(this IApplicationBuilder app) => app.UseMiddleware<ListenerGuardMiddleware>();

    /// <summary>Before routing: re-verifies the peer when its trust has moved or its certificate has expired.</summary>
    /// <param name="app">The application.</param>
    /// <returns>The same application.</returns>
    /// <remarks>A peer that is no longer trusted gets a refusal, and its connection is closed and aborted within a second.</remarks>
    public static IApplicationBuilder UsePeerCurrency(this IApplicationBuilder app) => app.UseMiddleware<PeerCurrencyMiddleware>();

    /// <summary>After routing: answers 404 where the endpoint is not served on the listener's role, or none matches.</summary>
    /// <param name="app">The application.</param>
    /// <returns>The same application.</returns>
    /// <remarks>Refuses endpoints that allow anonymous calls too, because the authorization middleware lets them pass unseen.</remarks>
    public static IApplicationBuilder UseListenerRoles(this IApplicationBuilder app) => app.UseMiddleware<ListenerRoleMiddleware>();
}

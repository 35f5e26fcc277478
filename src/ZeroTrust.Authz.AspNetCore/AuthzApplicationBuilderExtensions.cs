using Microsoft.AspNetCore.Builder;
using ZeroTrust.Authz;
using ZeroTrust.Authz.AspNetCore;
using ZeroTrust.Authz.AspNetCore.Internal;
using ZeroTrust.Authz.AspNetCore.Transports;

namespace ZeroTrust;

/// <summary>The middleware of the authorization context. <c>UseZeroTrust()</c> adds both in their place.</summary>
public static class AuthzApplicationBuilderExtensions
{
    /// <summary>
    /// Removes every inbound header that claims an identity or a context (<c>Txn-*</c>, <c>X-Tenant-ID</c>, <c>X-Subject-ID</c>,
    /// <c>X-Permissions</c>; any casing, <c>_</c> for <c>-</c>, with or without <c>-bin</c>) before anything can read it.
    /// </summary>
    /// <param name="app">The application. Add it before anything that reads a header.</param>
    /// <returns>The same application.</returns>
    /// <remarks>
    /// The three headers of the token are kept aside for <see cref="UseAuthzContext"/> when a verified peer sent them on a mesh or
    /// management listener; the plain three only from the peers of <see cref="AuthzDangers.AcceptPlainHeaders"/>, on a mesh listener. Everything else is dropped and audited: event <c>ContextHeaderStripped</c>, metric
    /// <c>zerotrust.authz.context_headers.stripped</c>.
    /// </remarks>
    public static IApplicationBuilder UseContextHeaderStripping(this IApplicationBuilder app)
    {
        ArgumentNullException.ThrowIfNull(app);
        app.Properties[PipelineMark.HeadersStripped] = true;
        return app.UseMiddleware<ContextHeaderStrippingMiddleware>();
    }

    /// <summary>
    /// Gives each request its verified <see cref="AuthzContext"/>: from the token of a peer, or at an edge listener from the
    /// <see cref="IEdgeContextProvider"/>. A context that is presented but not valid ends the request on every endpoint.
    /// </summary>
    /// <param name="app">The application. Add it after <c>UseRouting()</c> and before <c>UseAuthorization()</c>.</param>
    /// <returns>The same application.</returns>
    /// <exception cref="InvalidOperationException"><see cref="UseContextHeaderStripping"/> was not called before.</exception>
    public static IApplicationBuilder UseAuthzContext(this IApplicationBuilder app)
    {
        ArgumentNullException.ThrowIfNull(app);
        if (!app.Properties.ContainsKey(PipelineMark.HeadersStripped))
        {
            throw new InvalidOperationException("UseContextHeaderStripping() must come before UseAuthzContext().");
        }

        app.Properties[PipelineMark.ContextRead] = true;
        return app.UseMiddleware<AuthzContextMiddleware>().UseMiddleware<TransportOwnerMiddleware>().UseMiddleware<CircuitEndMiddleware>();
    }
}

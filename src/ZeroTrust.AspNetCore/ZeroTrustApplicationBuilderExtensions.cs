using Microsoft.AspNetCore.Builder;
using ZeroTrust.AspNetCore;
using ZeroTrust.AspNetCore.Auditing;
using ZeroTrust.AspNetCore.Forwarding;
using ZeroTrust.AspNetCore.Internal;

namespace ZeroTrust;

/// <summary>The middleware of the host. <c>UseZeroTrust()</c> of the package ZeroTrust adds all of it in its order.</summary>
public static class ZeroTrustApplicationBuilderExtensions
{
    /// <summary>
    /// First of all: aborts a call whose connection carries no listener's mark, answers escaped rejections, and audits served calls where
    /// <see cref="ListenerOptions.AuditServedCalls"/> asks for it.
    /// </summary>
    /// <param name="app">The application.</param>
    /// <returns>The same application.</returns>
    public static IApplicationBuilder UseListenerGuard(this IApplicationBuilder app) =>
        app.UseMiddleware<ListenerGuardMiddleware>().UseMiddleware<ServedCallAuditMiddleware>();

    /// <summary>Before routing: re-verifies the peer when its trust has moved or its certificate has expired.</summary>
    /// <param name="app">The application.</param>
    /// <returns>The same application.</returns>
    /// <remarks>A peer that is no longer trusted gets a refusal, and its connection is closed and aborted within a second.</remarks>
    public static IApplicationBuilder UsePeerCurrency(this IApplicationBuilder app)
    {
        ArgumentNullException.ThrowIfNull(app);
        app.Properties[ForwardingProofStartupFilter.PeerChecked] = true;
        return app.UseMiddleware<PeerCurrencyMiddleware>();
    }

    /// <summary>
    /// After <see cref="UsePeerCurrency"/> and before routing: takes every header that carries a client's certificate out of the
    /// request, and makes the client that a listed proxy forwards (RFC 9440) the peer of the call.
    /// </summary>
    /// <param name="app">The application. The connection's own peer has to be checked before, and nothing before may read the headers.</param>
    /// <returns>The same application.</returns>
    /// <exception cref="InvalidOperationException"><see cref="UsePeerCurrency"/> was not called before.</exception>
    /// <remarks>
    /// Taken from everyone, in any casing and spelling, from headers and trailers alike: <c>Client-Cert</c>, <c>Client-Cert-Chain</c> and the families of
    /// <c>docs/reference/certificate-headers.md</c>, with those of <see cref="ListenerOptions.CertificateHeaders"/>. Only the first two are read, only from
    /// the listener's <see cref="ListenerOptions.ForwardingProxies"/>; the rest is audited by the event <c>CertificateHeaderStripped</c>. A forwarded
    /// client is verified on each call by the current trust. When it is refused, the connection of the proxy stays open. A call that runs
    /// when its client loses trust is aborted; over HTTP/1.1 that ends the connection which carries it.
    /// </remarks>
    public static IApplicationBuilder UseForwardedCertificates(this IApplicationBuilder app)
    {
        ArgumentNullException.ThrowIfNull(app);
        if (!app.Properties.ContainsKey(ForwardingProofStartupFilter.PeerChecked))
        {
            throw new InvalidOperationException("UsePeerCurrency() must come before UseForwardedCertificates().");
        }

        app.Properties[ForwardingProofStartupFilter.CertificatesRead] = true;
        return app.UseMiddleware<ForwardedCertificatesMiddleware>();
    }

    /// <summary>After routing: the framework's CORS middleware, whose answers to preflights leave although no decision accepted them.</summary>
    /// <param name="app">The application. It has registered <c>AddCors()</c>.</param>
    /// <returns>The same application.</returns>
    /// <remarks>
    /// Only what that middleware answers, as 204 without a body, and of its headers only <c>Access-Control-*</c> and <c>Vary</c>. A preflight that
    /// anything else answers is a response like any other: it needs a decision.
    /// </remarks>
    public static IApplicationBuilder UseCorsPreflights(this IApplicationBuilder app) =>
        app.UseMiddleware<PreflightMiddleware>().UseCors().UseMiddleware<PreflightPassedMiddleware>();

    /// <summary>After routing: answers 404 where the endpoint is not served on the listener's role, or none matches.</summary>
    /// <param name="app">The application.</param>
    /// <returns>The same application.</returns>
    /// <remarks>Refuses endpoints that allow anonymous calls too, because the authorization middleware lets them pass unseen.</remarks>
    public static IApplicationBuilder UseListenerRoles(this IApplicationBuilder app) => app.UseMiddleware<ListenerRoleMiddleware>();
}

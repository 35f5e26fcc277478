using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.Extensions.DependencyInjection;
using ZeroTrust.Internal;

namespace ZeroTrust;

/// <summary>One call for the whole pipeline.</summary>
public static class ZeroTrustWebApplicationExtensions
{
    /// <summary>
    /// Adds all middleware in the one order that is safe, and maps the health endpoints. Call it before any other middleware: what
    /// comes earlier runs without the proofs. A second call changes nothing.
    /// </summary>
    /// <param name="app">The application.</param>
    /// <returns>The same application.</returns>
    /// <remarks>
    /// The order: a connection without a listener's mark is aborted; identity and context headers are stripped; the peer's trust is
    /// compared with the current one; forwarded certificates are verified or stripped; routing; CORS, where the application registered
    /// it; the admission gate; the endpoint has to be served on this listener; the user is authenticated; the context is verified; the
    /// endpoint's one decision is asked. A CORS preflight is answered by the policy of its endpoint, without a context.
    /// </remarks>
    public static WebApplication UseZeroTrust(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        IApplicationBuilder pipeline = app;
        if (!pipeline.Properties.TryAdd(PipelineProofStartupFilter.Mark, true))
        {
            return app;
        }

        pipeline
            .UseListenerGuard()
            .UseContextHeaderStripping()
            .UsePeerCurrency()
            .UseForwardedCertificates()
            .UseRouting();

        // A browser has to be able to ask, and to read the code of a refusal, whatever becomes of the call.
        if (app.Services.GetService<ICorsService>() is not null)
        {
            pipeline.UseCorsPreflights();
        }

        pipeline
            .UseAdmissionGate()
            .UseListenerRoles()
            .UseAuthentication()
            .UseAuthzContext()
            .UseAuthorization();
        app.MapZeroTrustHealth();
        return app;
    }
}

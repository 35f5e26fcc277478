using Microsoft.AspNetCore.Builder;
using ZeroTrust.HealthChecks.Internal;

namespace ZeroTrust;

/// <summary>Adds the admission gate to a pipeline.</summary>
public static class HealthChecksApplicationBuilderExtensions
{
    /// <summary>
    /// Refuses every call with <c>health.not_ready</c> (503 with <c>Retry-After</c>, gRPC UNAVAILABLE) until the service is ready and whenever a
    /// critical dependency is down; during the drain keeps admitting and asks each connection to end with its call.
    /// </summary>
    /// <param name="app">The pipeline.</param>
    /// <returns>The pipeline.</returns>
    /// <remarks>
    /// Place it right after <c>UseRouting()</c>: probes are told apart by their endpoint. Placed earlier it fails closed: it refuses them too.
    /// </remarks>
    public static IApplicationBuilder UseAdmissionGate(this IApplicationBuilder app)
    {
        ArgumentNullException.ThrowIfNull(app);
        return app.UseMiddleware<AdmissionGate>();
    }
}

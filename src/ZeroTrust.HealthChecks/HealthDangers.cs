using Microsoft.Extensions.DependencyInjection;
using ZeroTrust.HealthChecks.Exposure;

namespace ZeroTrust.HealthChecks;

/// <summary>What code may leave open of a service's diagnostics outside Development. Each needs a reason.</summary>
/// <remarks>
/// Configuration cannot reach them. Each is logged as a warning at start, counted by <c>zerotrust.weakenings</c>, registered as a
/// <see cref="Weakening"/> and shown by <c>/healthz/details</c>.
/// </remarks>
public sealed class HealthDangers
{
    private readonly IServiceCollection _services;

    internal HealthDangers(IServiceCollection services) => _services = services;

    /// <summary>Leaves one way into the process open.</summary>
    /// <param name="exposure">Which.</param>
    /// <param name="reason">Why this is acceptable.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="exposure"/> is none of the declared ones.</exception>
    /// <exception cref="ArgumentException">There is no reason.</exception>
    public HealthDangers AllowDiagnostics(DiagnosticsExposure exposure, string reason)
    {
        if (exposure == DiagnosticsExposure.Unspecified || !Enum.IsDefined(exposure))
        {
            throw new ArgumentOutOfRangeException(nameof(exposure), exposure, "Not an exposure.");
        }

        return Register(ExposureNames.Of(exposure), reason);
    }

    /// <summary>Leaves an endpoint where it is that looks like one for diagnostics: its own decision is all that guards it.</summary>
    /// <param name="route">Its route pattern, as the refusal at start names it, for example <c>/metrics</c>.</param>
    /// <param name="reason">Why this is acceptable.</param>
    /// <exception cref="ArgumentException">There is no route or no reason.</exception>
    public HealthDangers AllowDiagnosticsEndpoint(string route, string reason)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(route);
        return Register(ExposureNames.OfEndpoint(route), reason);
    }

    private HealthDangers Register(string name, string reason)
    {
        _services.AddSingleton(new Weakening(name, reason));
        return this;
    }
}

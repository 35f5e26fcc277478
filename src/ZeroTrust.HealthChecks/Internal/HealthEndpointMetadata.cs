namespace ZeroTrust.HealthChecks.Internal;

/// <summary>Marks an endpoint that answers probes: the admission gate lets it through, or nobody could learn that the service is not ready.</summary>
internal sealed class HealthEndpointMetadata
{
    public static readonly HealthEndpointMetadata Instance = new();

    private HealthEndpointMetadata()
    {
    }
}

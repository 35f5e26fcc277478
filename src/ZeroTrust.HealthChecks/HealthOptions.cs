namespace ZeroTrust.HealthChecks;

/// <summary>How readiness is found, told and given up. Bound from <see cref="SectionName"/>.</summary>
public sealed class HealthOptions
{
    /// <summary>The configuration section.</summary>
    public const string SectionName = "ZeroTrust:HealthChecks";

    /// <summary>The pause between two runs of a health check that states no period of its own.</summary>
    /// <value>Default 1 second; from 10 milliseconds to 5 minutes.</value>
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long one run of a health check may take before it counts as failed, whether or not it heeds its cancellation.</summary>
    /// <value>Default 2 seconds; from 10 milliseconds to 5 minutes.</value>
    public TimeSpan CheckTimeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How old a health check's "ready" may be; an older one counts as not ready.</summary>
    /// <value>Default 10 seconds; longer than any check's period and timeout together, at most 1 hour.</value>
    public TimeSpan MaxStaleness { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long calls are still served after probes were first told NOT_SERVING, so that every balancer learns of it before the listener closes.</summary>
    /// <value>Default 3 seconds; zero or more, and shorter than <c>HostOptions.ShutdownTimeout</c>, which also has to hold the calls in flight.</value>
    public TimeSpan PropagationDelay { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>How long calls that still run may go on after the listeners began to close; then streams are told and connections closed.</summary>
    /// <value>
    /// Default 20 seconds; from zero to 1 hour. Together with <see cref="PropagationDelay"/> shorter than <c>HostOptions.ShutdownTimeout</c>, at
    /// whose end the server cuts off whatever is left without a word.
    /// </value>
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>
    /// The most gRPC <c>Watch</c> streams open at once. One more ends the newest of the peer with most, for a peer that holds fewer even
    /// then; otherwise it is refused itself. Either is answered RESOURCE_EXHAUSTED.
    /// </summary>
    /// <value>Default 100; from 1 to 10000.</value>
    public int MaxWatchStreams { get; set; } = 100;

    /// <summary>Dependencies by name. One named here is waited for: until first reported ready, a critical one keeps the service not ready.</summary>
    /// <value>Default empty. A dependency that is not named here is critical all the same.</value>
    public IDictionary<string, DependencyOptions> Dependencies { get; set; } = new Dictionary<string, DependencyOptions>(StringComparer.Ordinal);

    /// <summary>Services that need less, or more, than the process: by gRPC service name, or by the name given with <c>WithHealthService</c>.</summary>
    /// <value>
    /// Default empty: a service is as ready as the process. At most 64. A name that no endpoint has stops the host.
    /// </value>
    public IDictionary<string, ServiceOptions> Services { get; set; } = new Dictionary<string, ServiceOptions>(StringComparer.Ordinal);
}

namespace ZeroTrust.HealthChecks;

/// <summary>How one named dependency counts.</summary>
public sealed class DependencyOptions
{
    /// <summary>Whether the service is not ready without it.</summary>
    /// <value>Default true. False only where the service can do all its work without it.</value>
    public bool Critical { get; set; } = true;

    /// <summary>How long a reported "ready" is believed without being repeated.</summary>
    /// <value>
    /// Default null: for a health check, <see cref="HealthOptions.MaxStaleness"/>; for a dependency that is only pushed through
    /// <see cref="IReadinessSignal"/>, until its next report. Must be positive, and for a health check longer than its period and timeout together.
    /// </value>
    public TimeSpan? MaxStaleness { get; set; }
}

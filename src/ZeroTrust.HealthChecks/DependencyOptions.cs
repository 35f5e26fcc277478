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

    /// <summary>How many runs of its health check have to fail in a row before it counts as not ready.</summary>
    /// <value>Default 1; from 1 to 100. Runs that failed are no proof, so staleness ends the wait all the same. What is pushed counts at once.</value>
    public int FailureThreshold { get; set; } = 1;

    /// <summary>How many runs of its health check have to pass in a row before a dependency that was lost counts as ready again.</summary>
    /// <value>Default 1; from 1 to 100. The very first run counts at once, and so does what is pushed.</value>
    public int SuccessThreshold { get; set; } = 1;
}

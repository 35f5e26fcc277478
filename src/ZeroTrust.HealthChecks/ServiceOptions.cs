namespace ZeroTrust.HealthChecks;

/// <summary>What one service of the process needs.</summary>
public sealed class ServiceOptions
{
    /// <summary>The dependencies without which this service is not ready, critical for the process or not.</summary>
    /// <value>Required, at least one. No other dependency counts for this service.</value>
    public IList<string> Dependencies { get; set; } = [];
}

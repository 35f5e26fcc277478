using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ZeroTrust.HealthChecks.Internal;

/// <summary>How one registered health check is run and counted.</summary>
internal sealed record CheckPlan(
    HealthCheckRegistration Check, HealthGroups Groups, bool IsCritical, TimeSpan Period, TimeSpan Timeout, TimeSpan? MaxStaleness)
{
    public const string LiveTag = "live";
    public const string ReadyTag = "ready";
    public const string StartupTag = "startup";

    /// <summary>Needed only until it has passed once.</summary>
    public bool IsOnce => Groups == HealthGroups.Startup;

    public static CheckPlan For(HealthCheckRegistration check, HealthOptions options)
    {
        var groups = HealthGroups.None;
        groups |= check.Tags.Contains(LiveTag) ? HealthGroups.Live : HealthGroups.None;
        groups |= check.Tags.Contains(StartupTag) ? HealthGroups.Startup : HealthGroups.None;
        groups |= check.Tags.Contains(ReadyTag) || groups == HealthGroups.None ? HealthGroups.Ready : HealthGroups.None;

        options.Dependencies.TryGetValue(check.Name, out var named);
        return new CheckPlan(
            check,
            groups,
            named?.Critical ?? check.FailureStatus == HealthStatus.Unhealthy,
            check.Period ?? options.PollInterval,
            check.Timeout > TimeSpan.Zero ? check.Timeout : options.CheckTimeout,
            groups == HealthGroups.Startup ? null : named?.MaxStaleness ?? options.MaxStaleness);
    }
}

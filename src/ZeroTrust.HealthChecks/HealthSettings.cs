using ZeroTrust.HealthChecks.Internal;
using ZeroTrust.Shared;

namespace ZeroTrust.HealthChecks;

/// <summary>What may stand in <see cref="HealthOptions.SectionName"/>.</summary>
internal static class HealthSettings
{
    public static SettingShape Shape { get; } = SettingShape.Section(
        (nameof(HealthOptions.PollInterval), SettingShape.Time),
        (nameof(HealthOptions.CheckTimeout), SettingShape.Time),
        (nameof(HealthOptions.MaxStaleness), SettingShape.Time),
        (nameof(HealthOptions.PropagationDelay), SettingShape.Time),
        (nameof(HealthOptions.DrainTimeout), SettingShape.Time),
        (nameof(HealthOptions.MaxWatchStreams), SettingShape.Number(1, HealthOptionsValidator.MostStreams)),
        (nameof(HealthOptions.Dependencies), SettingShape.Names(SettingShape.Section(
            (nameof(DependencyOptions.Critical), SettingShape.Flag),
            (nameof(DependencyOptions.MaxStaleness), SettingShape.Time),
            (nameof(DependencyOptions.FailureThreshold), SettingShape.Number(1, HealthOptionsValidator.MostRuns)),
            (nameof(DependencyOptions.SuccessThreshold), SettingShape.Number(1, HealthOptionsValidator.MostRuns))))),
        (nameof(HealthOptions.Services), SettingShape.Names(SettingShape.Section(
            (nameof(ServiceOptions.Dependencies), SettingShape.List(SettingShape.Text))))));
}

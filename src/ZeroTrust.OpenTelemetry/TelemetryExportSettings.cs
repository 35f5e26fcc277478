using ZeroTrust.Shared;

namespace ZeroTrust.OpenTelemetry;

/// <summary>What may stand in <see cref="TelemetryExportOptions.SectionName"/>.</summary>
internal static class TelemetryExportSettings
{
    public static SettingShape Shape { get; } = SettingShape.Section(
        (nameof(TelemetryExportOptions.MetricTagKeys), SettingShape.List(SettingShape.Text)),
        (nameof(TelemetryExportOptions.BaggageDestinations), SettingShape.List(SettingShape.Text)),
        (nameof(TelemetryExportOptions.ExplainRedactions), SettingShape.Flag));
}

using ZeroTrust.Shared;

namespace ZeroTrust.Npgsql;

/// <summary>What may stand in <see cref="RowLevelSecurityOptions.SectionName"/>; the signing key is given by code alone.</summary>
internal static class RowLevelSecuritySettings
{
    public static SettingShape Shape { get; } = SettingShape.Section(
        (nameof(RowLevelSecurityOptions.ExcludedSchemas), SettingShape.List(SettingShape.Text)),
        (nameof(RowLevelSecurityOptions.SharedObjects), SettingShape.List(SettingShape.Text)),
        (nameof(RowLevelSecurityOptions.Pooler), SettingShape.Choice<Pooler>()),
        (nameof(RowLevelSecurityOptions.AuditTimeout), SettingShape.Time),
        (nameof(RowLevelSecurityOptions.ReadinessInterval), SettingShape.Time),
        (nameof(RowLevelSecurityOptions.ReadinessTimeout), SettingShape.Time));
}

using ZeroTrust.Redaction.Internal;
using ZeroTrust.Shared;

namespace ZeroTrust.Redaction;

/// <summary>What may stand in <see cref="RedactionOptions.SectionName"/>.</summary>
internal static class RedactionSettings
{
    public static SettingShape Shape { get; } = SettingShape.Section(
        (nameof(RedactionOptions.Mode), SettingShape.Choice<RedactionMode>()),
        (nameof(RedactionOptions.Rules), SettingShape.List(SettingShape.Section(
            (nameof(RedactionRule.Key), SettingShape.Text),
            (nameof(RedactionRule.Action), SettingShape.Choice<RedactionAction>()),
            (nameof(RedactionRule.Length), SettingShape.Number(0, RedactionOptionsValidator.MaxTruncatedLength)),
            (nameof(RedactionRule.Classification), SettingShape.Text)))),
        (nameof(RedactionOptions.AllowedValues), SettingShape.List(SettingShape.Text)),
        (nameof(RedactionOptions.TokenKey), SettingShape.Secret),
        (nameof(RedactionOptions.TokenKeyId), SettingShape.Text),
        (nameof(RedactionOptions.RetiredTokenKeyIds), SettingShape.List(SettingShape.Text)));
}

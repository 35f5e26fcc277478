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
        (nameof(RedactionOptions.TokenShapes), SettingShape.List(SettingShape.Section(
            (nameof(RedactionTokenShape.Vendor), SettingShape.Text),
            (nameof(RedactionTokenShape.Pattern), SettingShape.Text)))),
        (nameof(RedactionOptions.Detectors), SettingShape.Section(
            (nameof(RedactionDetectors.PrivateKeys), SettingShape.Flag),
            (nameof(RedactionDetectors.UrlUsers), SettingShape.Flag),
            (nameof(RedactionDetectors.UrlQueries), SettingShape.Flag),
            (nameof(RedactionDetectors.Credentials), SettingShape.Flag),
            (nameof(RedactionDetectors.SignedTokens), SettingShape.Flag),
            (nameof(RedactionDetectors.VendorTokens), SettingShape.Flag),
            (nameof(RedactionDetectors.CommandLines), SettingShape.Flag),
            (nameof(RedactionDetectors.NamedSecrets), SettingShape.Flag),
            (nameof(RedactionDetectors.Emails), SettingShape.Flag),
            (nameof(RedactionDetectors.Ibans), SettingShape.Flag),
            (nameof(RedactionDetectors.Cards), SettingShape.Flag),
            (nameof(RedactionDetectors.Phones), SettingShape.Flag),
            (nameof(RedactionDetectors.NationalIds), SettingShape.Flag),
            (nameof(RedactionDetectors.Passports), SettingShape.Flag),
            (nameof(RedactionDetectors.IpAddresses), SettingShape.Flag),
            (nameof(RedactionDetectors.OneTimeCodes), SettingShape.Flag))),
        (nameof(RedactionOptions.KeepComments), SettingShape.Flag),
        (nameof(RedactionOptions.TokenKey), SettingShape.Secret),
        (nameof(RedactionOptions.TokenKeyId), SettingShape.Text),
        (nameof(RedactionOptions.RetiredTokenKeyIds), SettingShape.List(SettingShape.Text)));
}

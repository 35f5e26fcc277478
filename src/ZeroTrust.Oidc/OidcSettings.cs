using ZeroTrust.Shared;

namespace ZeroTrust.Oidc;

/// <summary>What may stand in <see cref="OidcOptions.SectionName"/>.</summary>
internal static class OidcSettings
{
    public static SettingShape Shape { get; } = SettingShape.Section(
        (nameof(OidcOptions.Issuers), SettingShape.Names(SettingShape.Section(
            (nameof(OidcIssuerOptions.Authority), SettingShape.Text),
            (nameof(OidcIssuerOptions.Audience), SettingShape.Text),
            (nameof(OidcIssuerOptions.TrustAnchorFile), SettingShape.File),
            (nameof(OidcIssuerOptions.TenantClaim), SettingShape.Text),
            (nameof(OidcIssuerOptions.PermissionsClaim), SettingShape.Text),
            (nameof(OidcIssuerOptions.Algorithms), SettingShape.List(SettingShape.Text)),
            (nameof(OidcIssuerOptions.TokenTypes), SettingShape.List(SettingShape.Text)),
            (nameof(OidcIssuerOptions.ClockSkew), SettingShape.Time),
            (nameof(OidcIssuerOptions.KeyRefreshInterval), SettingShape.Time),
            (nameof(OidcIssuerOptions.MaxKeyAge), SettingShape.Time),
            (nameof(OidcIssuerOptions.FetchTimeout), SettingShape.Time)))));
}

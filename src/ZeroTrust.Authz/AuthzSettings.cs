using ZeroTrust.Authz.Internal;
using ZeroTrust.Shared;

namespace ZeroTrust.Authz;

/// <summary>What may stand in <see cref="AuthzOptions.SectionName"/>.</summary>
internal static class AuthzSettings
{
    public static SettingShape Shape { get; } = SettingShape.Section(
        (nameof(AuthzOptions.MintGrants), SettingShape.List(SettingShape.Section(
            (nameof(MintGrantOptions.Workload), SettingShape.Text),
            (nameof(MintGrantOptions.Tenants), SettingShape.List(SettingShape.Text)),
            (nameof(MintGrantOptions.SubjectKinds), SettingShape.List(SettingShape.Choice<SubjectKind>())),
            (nameof(MintGrantOptions.Permissions), SettingShape.List(SettingShape.Text)),
            (nameof(MintGrantOptions.SystemSubjects), SettingShape.List(SettingShape.Text)),
            (nameof(MintGrantOptions.MaxLifetime), SettingShape.Time)))),
        (nameof(AuthzOptions.TokenServices), SettingShape.List(SettingShape.Section(
            (nameof(TokenServiceOptions.Issuer), SettingShape.Text),
            (nameof(TokenServiceOptions.KeysFile), SettingShape.File),
            (nameof(TokenServiceOptions.Tenants), SettingShape.List(SettingShape.Text)),
            (nameof(TokenServiceOptions.SubjectKinds), SettingShape.List(SettingShape.Choice<SubjectKind>())),
            (nameof(TokenServiceOptions.Permissions), SettingShape.List(SettingShape.Text)),
            (nameof(TokenServiceOptions.SystemSubjects), SettingShape.List(SettingShape.Text)),
            (nameof(TokenServiceOptions.MaxLifetime), SettingShape.Time)))),
        (nameof(AuthzOptions.ContextLifetime), SettingShape.Time),
        (nameof(AuthzOptions.ReuseWindow), SettingShape.Time),
        (nameof(AuthzOptions.MaxCachedContexts), SettingShape.Number(1, AuthzOptionsValidator.MaxCache)),
        (nameof(AuthzOptions.CrossTenantPermission), SettingShape.Text),
        (nameof(AuthzOptions.CrossTenantMaxLifetime), SettingShape.Time));
}

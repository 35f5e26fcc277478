using Microsoft.Extensions.Configuration;
using ZeroTrust.Shared;

namespace ZeroTrust.Mtls;

/// <summary>What may stand in <see cref="MtlsOptions.SectionName"/>.</summary>
internal static class MtlsSettings
{
    public static SettingShape Shape { get; } = SettingShape.Section(
        (nameof(MtlsOptions.TrustDomain), SettingShape.Text),
        (nameof(MtlsOptions.Credential), SettingShape.Section(
            (nameof(CredentialFileOptions.CertificateFile), SettingShape.File),
            (nameof(CredentialFileOptions.KeyFile), SettingShape.File),
            (nameof(CredentialFileOptions.PfxFile), SettingShape.File),
            (nameof(CredentialFileOptions.KeyPassword), SettingShape.Secret))),
        (nameof(MtlsOptions.TrustDomains), SettingShape.Names(SettingShape.Section(
            (nameof(TrustDomainOptions.AnchorFile), SettingShape.File),
            (nameof(TrustDomainOptions.AnchorPassword), SettingShape.Secret),
            (nameof(TrustDomainOptions.CrlFiles), SettingShape.List(SettingShape.File)),
            (nameof(TrustDomainOptions.MaxLeafLifetime), SettingShape.Time)))),
        (nameof(MtlsOptions.DenyListFile), SettingShape.File),
        (nameof(MtlsOptions.Servers), SettingShape.Names(SettingShape.TextOr(
            (nameof(ServerOptions.Workload), SettingShape.Text),
            (nameof(ServerOptions.AnchorFile), SettingShape.File),
            (nameof(ServerOptions.AnchorPassword), SettingShape.Secret),
            (nameof(ServerOptions.CrlFiles), SettingShape.List(SettingShape.File)),
            (nameof(ServerOptions.MaxLeafLifetime), SettingShape.Time),
            (nameof(ServerOptions.SendCertificate), SettingShape.Flag)))),
        (nameof(MtlsOptions.ClockSkew), SettingShape.Time),
        (nameof(MtlsOptions.ReloadInterval), SettingShape.Time),
        (nameof(MtlsOptions.MaxStaleness), SettingShape.Time),
        (nameof(MtlsOptions.ConnectTimeout), SettingShape.Time),
        (nameof(MtlsOptions.ConnectionLifetime), SettingShape.Time),
        (nameof(MtlsOptions.AllowResumption), SettingShape.Flag));

    /// <summary>A server named by a text is one of a trust domain.</summary>
    public static void BindServers(IConfiguration section, MtlsOptions options)
    {
        foreach (var server in section.GetSection(nameof(MtlsOptions.Servers)).GetChildren().Where(static server => !server.GetChildren().Any()))
        {
            options.Servers[server.Key] = new ServerOptions { Workload = server.Value, IsText = true };
        }
    }
}

using ZeroTrust.AspNetCore.Listeners;
using ZeroTrust.Shared;

namespace ZeroTrust.AspNetCore;

/// <summary>What may stand in <see cref="ListenersOptions.SectionName"/>: names of listeners, and the settings of each.</summary>
internal static class ListenersSettings
{
    public static SettingShape Shape { get; } = SettingShape.Names(SettingShape.Section(
        (nameof(ListenerOptions.Url), SettingShape.Text),
        (nameof(ListenerOptions.Role), SettingShape.Choice<ListenerRole>()),
        (nameof(ListenerOptions.Protocols), SettingShape.Text),
        (nameof(ListenerOptions.Peers), SettingShape.List(SettingShape.Text)),
        (nameof(ListenerOptions.ForwardingProxies), SettingShape.List(SettingShape.Text)),
        (nameof(ListenerOptions.ForwardedCertificate), SettingShape.Choice<ForwardedCertificateFormat>()),
        (nameof(ListenerOptions.CertificateHeaders), SettingShape.List(SettingShape.Text)),
        (nameof(ListenerOptions.ProxyProtocolFrom), SettingShape.List(SettingShape.Text)),
        (nameof(ListenerOptions.ForwardedHeaders), SettingShape.List(SettingShape.Text)),
        (nameof(ListenerOptions.ForwardedHeadersFrom), SettingShape.List(SettingShape.Text)),
        (nameof(ListenerOptions.ForwardedHosts), SettingShape.List(SettingShape.Text)),
        (nameof(ListenerOptions.CertificateFile), SettingShape.File),
        (nameof(ListenerOptions.KeyFile), SettingShape.File),
        (nameof(ListenerOptions.HandshakeTimeout), SettingShape.Time),
        (nameof(ListenerOptions.ClientHelloTimeout), SettingShape.Time),
        (nameof(ListenerOptions.MaxConcurrentHandshakes), SettingShape.Number(1, ListenerPlan.MaxHandshakes)),
        (nameof(ListenerOptions.MaxPendingConnections), SettingShape.Number(1, ListenerPlan.MostConnections)),
        (nameof(ListenerOptions.MaxConnections), SettingShape.Number(1, ListenerPlan.MostConnections)),
        (nameof(ListenerOptions.AllowResumption), SettingShape.Flag),
        (nameof(ListenerOptions.AuditServedCalls), SettingShape.Flag),
        (nameof(ListenerOptions.RotationDrain), SettingShape.Time)));
}

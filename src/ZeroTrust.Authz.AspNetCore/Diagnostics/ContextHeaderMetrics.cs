using System.Diagnostics.Metrics;
using ZeroTrust.AspNetCore;

namespace ZeroTrust.Authz.AspNetCore.Diagnostics;

internal sealed class ContextHeaderMetrics(IMeterFactory meters)
{
    private readonly Counter<long> _stripped = meters.Create(AuthzEndpointsTelemetry.MeterName).CreateCounter<long>(
        "zerotrust.authz.context_headers.stripped", "{header}", "Inbound headers that claimed an identity or a context and were removed.");

    public void Stripped(string header, ListenerRole role) =>
        _stripped.Add(1, new("zerotrust.header", header), new("zerotrust.listener.role", NameOf(role)));

    private static string NameOf(ListenerRole role) => role switch
    {
        ListenerRole.Edge => "edge",
        ListenerRole.Mesh => "mesh",
        ListenerRole.Probe => "probe",
        ListenerRole.Management => "management",
        _ => "unspecified",
    };
}

using System.Diagnostics.Metrics;
using ZeroTrust.AspNetCore;
using ZeroTrust.Shared;

namespace ZeroTrust.Authz.AspNetCore.Diagnostics;

internal sealed class ContextMetrics
{
    private readonly Meter _meter;
    private readonly Counter<long> _stripped;
    private readonly Counter<long> _wouldRefuse;

    public ContextMetrics(IMeterFactory meters)
    {
        _meter = meters.Create(AuthzEndpointsTelemetry.MeterName);
        _stripped = _meter.CreateCounter<long>(
            "zerotrust.authz.context_headers.stripped", "{header}", "Inbound headers that claimed an identity or a context and were removed.");
        _wouldRefuse = _meter.CreateCounter<long>(
            "zerotrust.authz.calls.would_refuse", "{refusal}", "Refusals that a report-only rollout did not carry out.");
    }

    public void Stripped(string header, ListenerRole role) =>
        _stripped.AddQuietly(1, new("zerotrust.header", header), new("zerotrust.listener.role", NameOf(role)));

    public void WouldRefuse(string code) => _wouldRefuse.AddQuietly(1, new KeyValuePair<string, object?>("error.type", code));

    public void ObserveWeakenings(IWeakeningSource source) => _meter.CreateObservableGauge(
        "zerotrust.weakenings",
        () => source.Weakenings.Select(
            weakening => new Measurement<int>(1, new KeyValuePair<string, object?>("zerotrust.weakening", weakening.Name))),
        "{weakening}",
        "Checks that code has weakened.");

    private static string NameOf(ListenerRole role) => role switch
    {
        ListenerRole.Edge => "edge",
        ListenerRole.Mesh => "mesh",
        ListenerRole.Probe => "probe",
        ListenerRole.Management => "management",
        _ => "unspecified",
    };
}

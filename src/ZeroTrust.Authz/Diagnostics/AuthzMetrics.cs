using System.Diagnostics.Metrics;
using ZeroTrust.Shared;

namespace ZeroTrust.Authz.Diagnostics;

internal sealed class AuthzMetrics
{
    private readonly Meter _meter;
    private readonly Counter<long> _verifications;
    private readonly Counter<long> _mints;
    private readonly Counter<long> _links;

    public AuthzMetrics(IMeterFactory meters)
    {
        var meter = _meter = meters.Create(AuthzTelemetry.MeterName);
        _verifications = meter.CreateCounter<long>("zerotrust.authz.context.verifications", "{verification}", "Contexts received and judged.");
        _mints = meter.CreateCounter<long>("zerotrust.authz.context.mints", "{mint}", "Contexts asked for at this workload.");
        _links = meter.CreateCounter<long>("zerotrust.authz.context.links", "{link}", "Contexts handed on to another workload.");
    }

    internal void ObserveWeakenings(IReadOnlyList<Weakening> weakenings) => _meter.CreateObservableGauge(
        "zerotrust.weakenings",
        () => weakenings.Select(weakening => new Measurement<int>(1, new KeyValuePair<string, object?>("zerotrust.weakening", weakening.Name))),
        "{weakening}",
        "Checks that code has weakened.");

    internal void Verified(Rejection? rejection) => Count(_verifications, rejection);

    internal void Minted(Rejection? rejection) => Count(_mints, rejection);

    internal void Linked(Rejection? rejection) => Count(_links, rejection);

    private static void Count(Counter<long> counter, Rejection? rejection)
    {
        if (rejection is null)
        {
            counter.AddQuietly(1, new KeyValuePair<string, object?>("zerotrust.result", "accepted"));
        }
        else
        {
            counter.AddQuietly(1, new("zerotrust.result", "refused"), new("error.type", rejection.Code));
        }
    }
}

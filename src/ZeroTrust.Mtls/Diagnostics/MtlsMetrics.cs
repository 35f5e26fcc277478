using System.Diagnostics;
using System.Diagnostics.Metrics;
using ZeroTrust.Shared;

namespace ZeroTrust.Mtls.Diagnostics;

internal sealed class MtlsMetrics
{
    private readonly Counter<long>? _verifications;
    private readonly Histogram<double>? _duration;
    private readonly Counter<long>? _reloads;
    private readonly Meter? _meter;

    public MtlsMetrics(IMeterFactory? meterFactory)
    {
        var meter = _meter = meterFactory?.Create(MtlsTelemetry.MeterName);
        _verifications = meter?.CreateCounter<long>("zerotrust.mtls.peer.verifications", "{verification}", "Verifications of a peer's certificates.");
        _duration = meter?.CreateHistogram<double>("zerotrust.mtls.peer.verification.duration", "s", "Duration of a verification.");
        _reloads = meter?.CreateCounter<long>("zerotrust.mtls.reloads", "{reload}", "Reloads of the credential or the trust bundles.");
    }

    public void Verified(PeerRole role, Rejection? rejection, TimeSpan elapsed)
    {
        var tags = new TagList
        {
            { "zerotrust.result", rejection is null ? "accepted" : "refused" },
            { "zerotrust.role", role == PeerRole.Server ? "server" : "client" },
        };
        if (rejection is not null)
        {
            tags.Add("error.type", rejection.Code);
        }

        _verifications?.AddQuietly(1, tags);
        _duration?.RecordQuietly(elapsed.TotalSeconds, tags);
    }

    public void ObserveRemainingLife(Func<TimeSpan> remaining) => _meter?.CreateObservableGauge(
        "zerotrust.mtls.credential.remaining", () => remaining().TotalSeconds, "s", "Time until the own certificate ends; negative afterwards.");

    public void ObserveWeakenings(Func<IEnumerable<Weakening>> weakenings) => _meter?.CreateObservableGauge(
        "zerotrust.weakenings",
        () => weakenings().Select(weakening => new Measurement<int>(1, new KeyValuePair<string, object?>("zerotrust.weakening", weakening.Name))),
        "{weakening}",
        "Checks that code has weakened.");

    public void Reloaded(string source, bool succeeded) => _reloads?.AddQuietly(1, new TagList
    {
        { "zerotrust.source", source },
        { "zerotrust.result", succeeded ? "accepted" : "refused" },
    });
}

using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ZeroTrust.AspNetCore.Diagnostics;
using ZeroTrust.Shared;

namespace ZeroTrust.AspNetCore.Listeners;

/// <summary>Looks at the files of edge certificates, away from the handshakes that present them, and reports to readiness how they are.</summary>
internal sealed class EdgeCertificatePolling(
    IServiceProvider services, EdgeCertificates certificates, AspNetCoreMetrics metrics, TimeProvider time, ILogger<EdgeCertificatePolling> logger)
    : PollingService(time, ListenerEvents.To(logger))
{
    private readonly TimeProvider _time = time;
    private ReadinessReporter? _readiness;

    protected override TimeSpan ReportInterval => EdgeCertificate.CheckInterval;

    protected override IReadOnlyList<Watch> Prepare()
    {
        _readiness = new ReadinessReporter(services.GetServices<IReadinessSignal>(), ListenerEvents.To(logger));
        metrics.ObserveRemainingLife(() => certificates.All
            .Where(static certificate => certificate.Loaded is not null)
            .Select(certificate => (certificate.Listener, certificate.Loaded!.NotAfter - _time.GetUtcNow())));
        return [.. certificates.All.Select(certificate => certificate.Watch)];
    }

    protected override void Report()
    {
        foreach (var certificate in certificates.All)
        {
            var now = _time.GetUtcNow();
            var (state, reason) = certificate.Health(now);
            if (_readiness!.Report($"aspnetcore.certificate.{certificate.Listener}", state, reason))
            {
                certificate.TellAge(now);
            }
        }
    }
}

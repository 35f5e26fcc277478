using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ZeroTrust.AspNetCore.Diagnostics;
using ZeroTrust.Shared;

namespace ZeroTrust.AspNetCore.Listeners;

/// <summary>Looks at the files of edge certificates, away from the handshakes that present them, and reports to readiness how they are.</summary>
internal sealed class EdgeCertificatePolling(IServiceProvider services, EdgeCertificates certificates, TimeProvider time, ILogger<EdgeCertificatePolling> logger)
    : PollingService(time, ListenerEvents.To(logger))
{
    private readonly TimeProvider _time = time;
    private ReadinessReporter? _readiness;

    protected override TimeSpan ReportInterval => EdgeCertificate.CheckInterval;

    protected override IReadOnlyList<Watch> Prepare()
    {
        _readiness = new ReadinessReporter(services.GetServices<IReadinessSignal>(), ListenerEvents.To(logger));
        return [.. certificates.All.Select(certificate => certificate.Watch)];
    }

    protected override void Report()
    {
        foreach (var certificate in certificates.All)
        {
            var (state, reason) = certificate.Health(_time.GetUtcNow());
            _readiness!.Report($"aspnetcore.certificate.{certificate.Listener}", state, reason);
        }
    }
}

using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ZeroTrust.Mtls.Diagnostics;
using ZeroTrust.Shared;

namespace ZeroTrust.Mtls.Internal;

/// <summary>Checks the sources before anything listens, then looks at their files and reports to readiness how they are.</summary>
internal sealed class MtlsHostedService(IServiceProvider services, IOptions<MtlsOptions> options, TimeProvider time, ILogger<MtlsHostedService> logger)
    : PollingService(time, MtlsEvents.To(logger))
{
    private readonly TimeProvider _time = time;
    private readonly BoundedLogger _logger = new(logger);
    private MtlsHealth? _health;
    private Weakenings? _weakenings;

    protected override TimeSpan ReportInterval => options.Value.ReloadInterval;

    protected override IReadOnlyList<Watch> Prepare()
    {
        // Made here and not with this service, so that the faults of all options are told before the first file is read.
        var credentials = services.GetRequiredService<IPeerCredentialSource>();
        var bundles = services.GetRequiredService<ITrustBundleSource>();
        var servers = services.GetRequiredService<MtlsServers>();
        _ = services.GetRequiredService<MtlsClients>();
        var readiness = new ReadinessReporter(services.GetServices<IReadinessSignal>(), MtlsEvents.To(logger));
        _health = new MtlsHealth(credentials, bundles, servers, readiness, options.Value.ClockSkew, _time, _logger);
        var weakenings = _weakenings = new Weakenings(services.GetServices<Weakening>(), bundles, servers.Partners, _logger);
        var metrics = new MtlsMetrics(services.GetService<IMeterFactory>());
        metrics.ObserveRemainingLife(() => credentials.GetCredential().NotAfter - _time.GetUtcNow());
        metrics.ObserveWeakenings(() => weakenings.Current);
        List<Watch> watches = [];
        if (credentials is FilePeerCredentialSource credentialFiles)
        {
            watches.Add(credentialFiles.Watch);
        }

        if (bundles is FileTrustBundleSource bundleFiles)
        {
            watches.AddRange(bundleFiles.Watches);
        }

        watches.AddRange(servers.Watches);
        return watches;
    }

    protected override void Report()
    {
        _weakenings!.Tell();
        _health!.Report();
    }
}

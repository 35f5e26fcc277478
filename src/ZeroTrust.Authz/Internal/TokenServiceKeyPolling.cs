using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ZeroTrust.Authz.Diagnostics;
using ZeroTrust.Mtls;
using ZeroTrust.Shared;

namespace ZeroTrust.Authz.Internal;

/// <summary>Reads the keys of token services before anything listens, and keeps them current, as often as the local certificate.</summary>
internal sealed class TokenServiceKeyPolling(IServiceProvider services, IOptions<MtlsOptions> mtls, TimeProvider time, ILogger<TokenServiceKeyPolling> logger)
    : PollingService(time, AuthzEvents.To(logger))
{
    private readonly BoundedLogger _logger = new(logger);
    private TokenServiceKeyHealth? _health;

    protected override TimeSpan ReportInterval => mtls.Value.ReloadInterval;

    protected override IReadOnlyList<Watch> Prepare()
    {
        // Made here and not with this service, so that the faults of all options are told before the first file is read.
        if (services.GetRequiredService<ITokenServiceKeySource>() is not FileTokenServiceKeySource files)
        {
            return [];
        }

        var readiness = new ReadinessReporter(services.GetServices<IReadinessSignal>(), AuthzEvents.To(logger));
        _health = new TokenServiceKeyHealth(files, services.GetRequiredService<MintGrants>(), readiness, _logger);
        return [.. files.Files.Select(file => file.Watch)];
    }

    protected override void Report() => _health?.Report();
}

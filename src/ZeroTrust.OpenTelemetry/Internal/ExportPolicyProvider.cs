using ZeroTrust.OpenTelemetry.Diagnostics;
using ZeroTrust.Shared;

namespace ZeroTrust.OpenTelemetry.Internal;

/// <summary>Holds the policy in use, which follows the configuration.</summary>
internal sealed class ExportPolicyProvider(IServiceProvider services) : IDisposable
{
    private readonly FollowedOptions<TelemetryExportOptions, ExportPolicy> _policies = new(
        services,
        static options => new ExportPolicy(options),
        static () => new ExportPolicy(new TelemetryExportOptions()),
        RedactionReport.Category,
        static (logger, error) =>
        {
            if (error is null)
            {
                Log.ExportReloaded(logger);
            }
            else
            {
                Log.ExportReloadFailed(logger, error);
            }
        });

    public ExportPolicy Current => _policies.Current;

    public void Dispose() => _policies.Dispose();
}

using Microsoft.Extensions.Logging;
using ZeroTrust.Authz.Diagnostics;
using ZeroTrust.Shared;

namespace ZeroTrust.Authz.Internal;

/// <summary>Reports to readiness how the keys of token services are.</summary>
/// <remarks>A service without keys refuses the contexts of its own roots and no others; where no workload may mint, that can be every context there is.</remarks>
internal sealed class TokenServiceKeyHealth(FileTokenServiceKeySource source, MintGrants grants, ReadinessReporter readiness, ILogger logger)
{
    private const string Dependency = "authz.token_service_keys";

    internal void Report()
    {
        var files = source.Files;
        if (files.Count == 0)
        {
            return;
        }

        var refusesAll = !grants.AnyWorkload && files.All(file => !file.HasUsableKey || file.Watch.IsStale);
        if (files.FirstOrDefault(file => file.Watch.IsLate) is { Watch: var watch })
        {
            var state = refusesAll ? DependencyState.NotReady : DependencyState.Degraded;
            if (readiness.Report(Dependency, state, watch.IsStale ? $"The {watch.Name} were not looked at in time." : $"The {watch.Name} are looked at late."))
            {
                Log.KeysStale(logger, watch.Name, watch.IsStale);
            }
        }
        else if (files.FirstOrDefault(file => file.Failure is not null) is { Failure: var failure })
        {
            readiness.Report(Dependency, refusesAll ? DependencyState.NotReady : DependencyState.Degraded, failure);
        }
        else if (files.FirstOrDefault(file => !file.HasUsableKey) is { Watch: var empty })
        {
            readiness.Report(Dependency, refusesAll ? DependencyState.NotReady : DependencyState.Degraded, $"The {empty.Name} hold no usable key.");
        }
        else
        {
            readiness.Report(Dependency, DependencyState.Ready, reason: null);
        }
    }
}

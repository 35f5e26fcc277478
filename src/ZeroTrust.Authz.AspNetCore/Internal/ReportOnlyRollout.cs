using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using ZeroTrust.AspNetCore;
using ZeroTrust.Authz.AspNetCore.Diagnostics;
using ZeroTrust.Shared;

namespace ZeroTrust.Authz.AspNetCore.Internal;

/// <summary>
/// Whether a call that a context or a decision over one would refuse is served all the same; only while code declared a rollout that
/// reports.
/// </summary>
internal sealed class ReportOnlyRollout(AuthzReportOnly? declared, TimeProvider time, ContextMetrics metrics, QuietLogger logger)
{
    private readonly ListenerEventBudgets _budgets = new(
        time, (listener, suppressed) => Log.WouldRefuseSuppressed(logger, listener, suppressed.Count, suppressed.Caller));

    public bool Serves(HttpContext context, Rejection rejection)
    {
        if (declared?.IsActive(time.GetUtcNow()) != true)
        {
            return false;
        }

        // Once for each call: a context that is not believed is refused by the next decision again.
        if (context.Items.TryAdd(typeof(ReportOnlyRollout), rejection))
        {
            var workload = context.GetVerifiedPeer()?.ToString();
            if (_budgets.TryPass(
                context.GetListener()?.Name, EventCaller.Of(workload, context.Features.Get<IConnectionEndPointFeature>()?.RemoteEndPoint)))
            {
                Log.WouldRefuse(logger, context.GetEndpoint()?.DisplayName, workload, rejection.Code, rejection.Detail, declared.Until);
            }

            metrics.WouldRefuse(rejection.Code);
        }

        return true;
    }
}

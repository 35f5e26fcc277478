using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using ZeroTrust.AspNetCore;
using ZeroTrust.Authz.AspNetCore.Diagnostics;

namespace ZeroTrust.Authz.AspNetCore.Internal;

/// <summary>Whether a call that a context or a decision over one would refuse is served all the same; only while code declared a rollout that reports.</summary>
internal sealed class ReportOnlyRollout(AuthzReportOnly? declared, TimeProvider time, ContextMetrics metrics, ILogger<ReportOnlyRollout> logger)
{
    public bool Serves(HttpContext context, Rejection rejection)
    {
        if (declared?.IsActive(time.GetUtcNow()) != true)
        {
            return false;
        }

        // Once for each call: a context that is not believed is refused by the next decision again.
        if (context.Items.TryAdd(typeof(ReportOnlyRollout), rejection))
        {
            var endpoint = context.GetEndpoint()?.DisplayName;
            Log.WouldRefuse(logger, endpoint, context.GetVerifiedPeer()?.ToString(), rejection.Code, rejection.Detail, declared.Until);
            metrics.WouldRefuse(rejection.Code);
        }

        return true;
    }
}

using System.Diagnostics;
using System.Net;
using Microsoft.Extensions.Logging;
using ZeroTrust.AspNetCore.Diagnostics;
using ZeroTrust.Mtls;
using ZeroTrust.Shared;

namespace ZeroTrust.AspNetCore.Listeners;

/// <summary>
/// Tells every verdict of one listener: an event, a count and a span. Refusals are limited in number, fairly among callers; certificates
/// are told by their hash alone.
/// </summary>
internal sealed class HandshakeAudit(string listener, ILogger logger, AspNetCoreMetrics metrics, TimeProvider time)
{
    private const string PeerNotListedCode = "mtls.peer_not_listed";

    private readonly EventBudget _budget = new(
        time, suppressed => Log.PeerRefusalsSuppressed(logger, listener, suppressed.Count, suppressed.Caller));

    public void Accepted(VerifiedPeer peer, DateTimeOffset began)
    {
        Log.PeerAccepted(logger, listener, peer.ToString(), peer.LeafSha256);
        metrics.PeerAccepted(listener);
        using var span = StartSpan(began);
        span.Activity?.SetTag("zerotrust.workload", peer.ToString());
        span.Activity?.SetTag("zerotrust.leaf_sha256", peer.LeafSha256);
    }

    public void Refused(Rejection rejection, string? leafSha256, DateTimeOffset began, EndPoint? remote)
    {
        metrics.PeerRefused(listener, rejection.Code);
        using var span = StartSpan(began);
        span.Activity?.SetTag("zerotrust.leaf_sha256", leafSha256);
        span.Activity?.SetTag("error.type", rejection.Code);
        span.Activity?.SetStatus(ActivityStatusCode.Error);

        // Only a peer that is proved and not listed has a name that may be believed.
        var workload = rejection.Code == PeerNotListedCode ? rejection.Presented : null;
        if (_budget.TryPass(EventCaller.Of(workload, remote)))
        {
            Log.PeerRefused(logger, listener, rejection, workload, leafSha256);
        }
    }

    // It ends as it starts: were it current, all calls of the connection would be its children.
    private QuietSpan StartSpan(DateTimeOffset began)
    {
        var span = QuietSpan.Start(AspNetCoreActivity.Source, "mtls.accept", ActivityKind.Server, began);
        span.Activity?.SetTag("zerotrust.listener", listener);
        return span;
    }
}

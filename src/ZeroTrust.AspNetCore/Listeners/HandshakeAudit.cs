using System.Diagnostics;
using Microsoft.Extensions.Logging;
using ZeroTrust.AspNetCore.Diagnostics;
using ZeroTrust.Mtls;
using ZeroTrust.Mtls.Diagnostics;

namespace ZeroTrust.AspNetCore.Listeners;

/// <summary>Tells every verdict of one listener: an event, a count and a span. Refusals are limited in number; certificates are told by their hash alone.</summary>
internal sealed class HandshakeAudit(string listener, ILogger logger, AspNetCoreMetrics metrics, TimeProvider time)
{
    private const int RefusalsPerSecond = 100;
    private const string PeerNotListedCode = "mtls.peer_not_listed";

    private readonly EventLimiter _limiter = new(time, RefusalsPerSecond);

    public void Accepted(VerifiedPeer peer, DateTimeOffset began)
    {
        Log.PeerAccepted(logger, listener, peer.ToString(), peer.LeafSha256);
        metrics.PeerAccepted(listener);
        using var span = StartSpan(began);
        span?.SetTag("zerotrust.workload", peer.ToString());
        span?.SetTag("zerotrust.leaf_sha256", peer.LeafSha256);
    }

    public void Refused(Rejection rejection, string? leafSha256, DateTimeOffset began)
    {
        metrics.PeerRefused(listener, rejection.Code);
        using var span = StartSpan(began);
        span?.SetTag("zerotrust.leaf_sha256", leafSha256);
        span?.SetTag("error.type", rejection.Code);
        span?.SetStatus(ActivityStatusCode.Error);
        if (!_limiter.TryPass(out var suppressed))
        {
            return;
        }

        if (suppressed > 0)
        {
            Log.PeerRefusalsSuppressed(logger, listener, suppressed, RefusalsPerSecond);
        }

        // Only a peer that is proved and not listed has a name that may be believed.
        Log.PeerRefused(logger, listener, rejection, rejection.Code == PeerNotListedCode ? rejection.Presented : null, leafSha256);
    }

    // It ends as it starts: were it current, all calls of the connection would be its children.
    private Activity? StartSpan(DateTimeOffset began)
    {
        var span = AspNetCoreActivity.Source.StartActivity("mtls.accept", ActivityKind.Server, parentContext: default, startTime: began);
        span?.SetTag("zerotrust.listener", listener);
        return span;
    }
}

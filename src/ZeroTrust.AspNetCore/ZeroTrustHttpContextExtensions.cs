using Microsoft.AspNetCore.Http;
using ZeroTrust.Mtls;

namespace ZeroTrust.AspNetCore;

/// <summary>What the connection of a call proves.</summary>
public static class ZeroTrustHttpContextExtensions
{
    /// <summary>The listener that accepted the call's connection.</summary>
    /// <param name="context">The call.</param>
    /// <returns>The listener's mark; null on a connection we did not accept, which is refused before any endpoint.</returns>
    public static IListenerFeature? GetListener(this HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Features.Get<IListenerFeature>();
    }

    /// <summary>The proved peer of the call: of its connection, or the client a listed proxy forwarded (<see cref="IForwardedPeerFeature"/>).</summary>
    /// <param name="context">The call.</param>
    /// <returns>The peer; null on edge and probe listeners, where nobody proves a workload.</returns>
    public static VerifiedPeer? GetVerifiedPeer(this HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Features.Get<IPeerFeature>()?.Peer;
    }
}

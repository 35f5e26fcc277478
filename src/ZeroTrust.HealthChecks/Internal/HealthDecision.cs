using Microsoft.AspNetCore.Http;
using ZeroTrust.AspNetCore;

namespace ZeroTrust.HealthChecks.Internal;

/// <summary>Health is for a kubelet on a probe listener, which has no certificate, and for verified peers everywhere else.</summary>
internal sealed class HealthDecision : IEndpointDecision
{
    public static readonly HealthDecision Instance = new();

    private static readonly RequirePeerAttribute AnyPeer = new();

    private HealthDecision()
    {
    }

    public string Description => "anyone on a probe listener, elsewhere " + AnyPeer.Description;

    public Verdict<IEndpointDecision> Decide(HttpContext context) => context.GetListener()?.Role == ListenerRole.Probe
        ? Verdict.Accept<IEndpointDecision>(this)
        : AnyPeer.Decide(context);
}

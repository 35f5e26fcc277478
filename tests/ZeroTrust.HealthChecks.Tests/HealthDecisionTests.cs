using Microsoft.AspNetCore.Http;
using ZeroTrust.AspNetCore;
using ZeroTrust.HealthChecks.Internal;

namespace ZeroTrust.HealthChecks.Tests;

/// <summary>Health answers a stranger on a probe listener alone, whatever TLS let through elsewhere.</summary>
public sealed class HealthDecisionTests
{
    [Theory]
    [InlineData(ListenerRole.Probe, null)]
    [InlineData(ListenerRole.Mesh, "aspnetcore.peer_required")]
    [InlineData(ListenerRole.Management, "aspnetcore.peer_required")]
    [InlineData(ListenerRole.Edge, "aspnetcore.peer_required")]
    public void Caller_without_a_peer_is_answered_on_a_probe_listener_alone(ListenerRole role, string? code)
    {
        var context = new DefaultHttpContext();
        context.Features.Set<IListenerFeature>(new Listener(role));

        var verdict = HealthDecision.Instance.Decide(context);

        Assert.Equal(code, verdict.IsAccepted ? null : verdict.Rejection.Code);
    }

    [Fact]
    public void Caller_on_no_listener_is_refused() => Assert.False(HealthDecision.Instance.Decide(new DefaultHttpContext()).IsAccepted);

    private sealed record Listener(ListenerRole Role) : IListenerFeature
    {
        public string Name => "test";
    }
}

using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using ZeroTrust.AspNetCore;
using ZeroTrust.Mtls;

namespace ZeroTrust.Testing;

/// <summary>Stands where the listener and its handshake stand: marks the call, and lets the service's own verifier judge what was presented.</summary>
internal sealed class TestPeerStartupFilter(TestPeers peers, string? caller, IOptions<ListenersOptions> listeners) : IStartupFilter
{
    private readonly Lazy<TestCaller> _default = new(() => peers.DefaultCaller(caller));

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        TestHostGuard.Require(app.ApplicationServices);
        app.Use(MarkAsync);
        next(app);
    };

    private Task MarkAsync(HttpContext context, RequestDelegate next)
    {
        var key = context.Request.Headers[TestPeerHandler.CallerHeader].ToString();
        context.Request.Headers.Remove(TestPeerHandler.CallerHeader);
        var presented = key.Length == 0 ? _default.Value : peers.CallerOf(key);
        var (name, declared) = listeners.Value.Listeners.FirstOrDefault(listener => listener.Value.Role == presented.Listener);
        context.Request.IsHttps = presented.Listener != ListenerRole.Probe;
        context.Features.Set<IListenerFeature>(new TestListenerFeature(name ?? "test", presented.Listener));
        if (presented.Certificates is null || presented.Listener is not (ListenerRole.Mesh or ListenerRole.Management))
        {
            return next(context);
        }

        var verdict = context.RequestServices.GetRequiredService<PeerVerifier>().Verify(presented.Certificates, PeerRole.Client);
        if (!verdict.TryGet(out var peer, out var rejection)
            || (declared is { Peers.Count: > 0 } && !AllowListOf(declared).Check(peer).TryGet(out peer, out rejection)))
        {
            return context.RequestServices.GetRequiredService<RejectionHandler>().RefuseAsync(context, rejection);
        }

        context.Features.Set<IPeerFeature>(new TestPeerFeature(peer));
        return next(context);
    }

    private static PeerAllowList AllowListOf(ListenerOptions declared) =>
        new(declared.Peers.Select(workload => WorkloadId.Parse(workload, provider: null)));
}

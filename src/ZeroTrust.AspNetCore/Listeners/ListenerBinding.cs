using System.Net;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ZeroTrust.AspNetCore.Connections;
using ZeroTrust.AspNetCore.Diagnostics;
using ZeroTrust.AspNetCore.Internal;
using ZeroTrust.AspNetCore.Proxies;
using ZeroTrust.Shared;

namespace ZeroTrust.AspNetCore.Listeners;

/// <summary>Calls Listen for every declared listener, after everything else that configures Kestrel.</summary>
internal sealed class ListenerBinding(DeclaredListeners listeners, IServiceProvider services, BoundListeners bound, OpenConnections open)
    : IPostConfigureOptions<KestrelServerOptions>
{
    public void PostConfigure(string? name, KestrelServerOptions options)
    {
        options.AddServerHeader = false;
        IReadOnlyList<ListenerPlan> plans;
        try
        {
            plans = listeners.Plans;
        }
        catch (OptionsValidationException)
        {
            // The start-up validator stops the host with these faults and those of every other package, all at once.
            return;
        }

        foreach (var plan in plans)
        {
            Listen(options, plan);
        }
    }

    private void Listen(KestrelServerOptions options, ListenerPlan plan)
    {
        void Configure(ListenOptions listen)
        {
            bound.Add(plan.Name, listen);
            Build(listen, plan);
        }

        if (ListenerPlan.IsAnyIP(plan.Address))
        {
            options.ListenAnyIP(plan.Address.Port, Configure);
        }
        else if (ListenerPlan.IsLocalhost(plan.Address))
        {
            options.ListenLocalhost(plan.Address.Port, Configure);
        }
        else
        {
            options.Listen(IPAddress.Parse(plan.Address.Host.Trim('[', ']')), plan.Address.Port, Configure);
        }
    }

    private void Build(ListenOptions listen, ListenerPlan plan)
    {
        var mark = new ListenerFeature(plan.Name, plan.Role) { AuditsServedCalls = plan.AuditsServedCalls };
        listen.Protocols = plan.Protocols;
        listen.DisableAltSvcHeader = true;
        var connections = open.Track();
        var shares = open.SharesOf(plan.Name, plan.MaxConnections);
        listen.Use(next => connection => connections.CarryAsync(connection, next));
        if (plan.ProxyProtocolFrom is { } from)
        {
            // Before all that looks at the connection's address.
            var proxies = ProxyProtocolOf(plan, from);
            listen.Use(next => connection => proxies.ReadAsync(connection, next));
        }

        listen.Use(next => connection =>
        {
            connection.Features.Set<IListenerFeature>(mark);
            connection.Features.Set<IConnectionEndPointFeature>(new ConnectionEnds(connection));
            connection.Features.Set(plan.Forwarding);
            connection.Features.Set(plan.ForwardedHeaders);
            return next(connection);
        });

        if (!plan.IsTls)
        {
            listen.Use(next => connection => shares.CarryAsync(connection, next));
            return;
        }

        var handshakes = new ListenerHandshakes(plan, services);
        listen.Use(next => connection => handshakes.AdmitAsync(connection, next));
        listen.UseHttps(handshakes.Prepare());
        if (plan.Peers is not null)
        {
            listen.Use(next => connection => handshakes.GuardAsync(connection, next));
        }

        // Behind the guard too: a peer that is refused keeps its place among the handshakes until it is told.
        listen.Use(next => connection => HandshakeGate.LeaveAsync(connection, next));

        // Behind the guard: a share is the peer's, and only what is proved counts as a peer.
        listen.Use(next => connection => shares.CarryAsync(connection, next));
    }

    private ProxyProtocol ProxyProtocolOf(ListenerPlan plan, AddressRanges from)
    {
        var time = services.GetRequiredService<TimeProvider>();
        var audit = new HandshakeAudit(
            plan.Name,
            new QuietLogger(services.GetRequiredService<ILogger<ProxyProtocol>>()),
            services.GetRequiredService<AspNetCoreMetrics>(),
            time);
        return new ProxyProtocol(
            from,
            plan.ClientHelloTimeout,
            plan.MaxPendingConnections,
            time,
            (rejection, remote) => audit.Refused(rejection, leafSha256: null, time.GetUtcNow(), remote));
    }
}

using System.Net.Security;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ZeroTrust.AspNetCore.Diagnostics;
using ZeroTrust.AspNetCore.Internal;
using ZeroTrust.Mtls;

namespace ZeroTrust.AspNetCore.Listeners;

/// <summary>
/// The TLS of the listeners. A peer is refused in the handshake, so that it learns of it from TLS, and judged again when
/// the handshake is done, because the platform may skip its callback.
/// </summary>
internal sealed class ListenerHandshakes(IServiceProvider services, TimeProvider time, ILogger<ListenerHandshakes> logger, AspNetCoreMetrics metrics)
{
    private const string PeerNotListedCode = "mtls.peer_not_listed";

    /// <summary>Prepares the handshakes of one listener.</summary>
    public TlsHandshakeCallbackOptions Prepare(ListenerPlan plan)
    {
        var edge = plan.CertificateFile.Length > 0 ? new EdgeCertificate(plan, time, logger) : null;
        return new TlsHandshakeCallbackOptions
        {
            HandshakeTimeout = plan.HandshakeTimeout,
            OnConnection = context =>
            {
                try
                {
                    return ValueTask.FromResult(plan.Peers is { } peers
                        ? AcceptPeer(plan, peers, context.Connection)
                        : PeerTls.CreateEdgeOptions(edge?.GetCredential() ?? services.GetRequiredService<IPeerCredentialSource>().GetCredential()));
                }
                catch (Exception exception)
                {
                    Log.HandshakeNotPrepared(logger, plan.Name, exception);
                    throw;
                }
            },
        };
    }

    /// <summary>The connection middleware behind the handshake: nothing passes without a proved and listed peer.</summary>
    public async Task GuardAsync(ListenerPlan plan, ConnectionContext connection, ConnectionDelegate next)
    {
        if (!Complete(connection).TryGet(out var peer, out var rejection))
        {
            Refused(plan, connection.Features.Get<PeerServerHandshake>(), rejection);
            connection.Abort(new ConnectionAbortedException(rejection.Code));
            return;
        }

        Log.PeerAccepted(logger, plan.Name, peer.ToString(), peer.LeafSha256);
        metrics.PeerAccepted(plan.Name);
        connection.Features.Set<IPeerFeature>(new PeerFeature(peer));
        await next(connection).ConfigureAwait(false);
    }

    private static Verdict<VerifiedPeer> Complete(ConnectionContext connection) =>
        connection.Features.Get<PeerServerHandshake>() is { } handshake && connection.Features.Get<ISslStreamFeature>()?.SslStream is { } stream
            ? handshake.Complete(stream)
            : AspNetCoreRejections.Refuse(AspNetCoreRejectionReason.PeerRequired, "The connection went through no handshake of ours.");

    private SslServerAuthenticationOptions AcceptPeer(ListenerPlan plan, PeerAllowList peers, BaseConnectionContext connection)
    {
        PeerServerHandshake? handshake = null;
        handshake = services.GetRequiredService<PeerTls>().AcceptClient(peers, refused: (rejection, _) => Refused(plan, handshake, rejection));
        connection.Features.Set(handshake);
        return handshake.CreateOptions();
    }

    private void Refused(ListenerPlan plan, PeerServerHandshake? handshake, Rejection rejection)
    {
        // Only a peer that is proved and not listed has a name that may be believed.
        var workload = rejection.Code == PeerNotListedCode ? rejection.Presented : null;
        Log.PeerRefused(logger, plan.Name, rejection, workload, handshake?.Presented?.LeafSha256);
        metrics.PeerRefused(plan.Name, rejection.Code);
    }
}

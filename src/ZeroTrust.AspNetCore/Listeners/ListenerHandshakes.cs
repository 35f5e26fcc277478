using System.Net.Security;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ZeroTrust.AspNetCore.Connections;
using ZeroTrust.AspNetCore.Diagnostics;
using ZeroTrust.AspNetCore.Internal;
using ZeroTrust.AspNetCore.Refusals;
using ZeroTrust.Mtls;
using ZeroTrust.Shared;

namespace ZeroTrust.AspNetCore.Listeners;

/// <summary>
/// The TLS of one listener. A peer is judged in the handshake and again when that is done, because the platform may skip its callback. The
/// handshake of a refused peer is finished all the same: the platform would close it without an alert, which reads as an outage. Behind
/// it such a peer meets the refusal's answer and nothing else.
/// </summary>
internal sealed class ListenerHandshakes
{
    private readonly ListenerPlan _plan;
    private readonly IServiceProvider _services;
    private readonly TimeProvider _time;
    private readonly QuietLogger _logger;
    private readonly HandshakeAudit _audit;
    private readonly HandshakeGate _gate;
    private readonly EdgeCertificate? _edge;
    private readonly ResumedPeers? _resumption;
    private readonly RefusalResponder _refusals;

    public ListenerHandshakes(ListenerPlan plan, IServiceProvider services)
    {
        _plan = plan;
        _services = services;
        _time = services.GetRequiredService<TimeProvider>();
        _logger = new QuietLogger(services.GetRequiredService<ILogger<ListenerHandshakes>>());
        var metrics = services.GetRequiredService<AspNetCoreMetrics>();
        _audit = new HandshakeAudit(plan.Name, _logger, metrics, _time);
        _gate = new HandshakeGate(plan, _time, (rejection, remote) => _audit.Refused(rejection, leafSha256: null, _time.GetUtcNow(), remote));
        _edge = plan.CertificateFile.Length > 0 ? services.GetRequiredService<EdgeCertificates>().Add(new EdgeCertificate(plan, _logger, _time, metrics)) : null;
        _resumption = plan.AllowResumption ? new ResumedPeers() : null;
        _refusals = new RefusalResponder(speaksHttp2Alone: plan.Protocols == HttpProtocols.Http2, _time);
    }

    /// <summary>Before the handshake.</summary>
    public Task AdmitAsync(ConnectionContext connection, ConnectionDelegate next) => _gate.EnterAsync(connection, next);

    /// <summary>The handshake.</summary>
    public TlsHandshakeCallbackOptions Prepare() => new()
    {
        HandshakeTimeout = _plan.HandshakeTimeout,
        OnConnection = context =>
        {
            HandshakeGate.Begin(context.Connection);
            try
            {
                return ValueTask.FromResult(_plan.Peers is not null ? AcceptPeer(context.Connection) : AcceptAnybody());
            }
            catch (Exception exception)
            {
                HandshakeGate.Settle(context.Connection);
                Log.HandshakeNotPrepared(_logger, _plan.Name, exception);
                throw;
            }
        },
    };

    /// <summary>Behind the handshake: nothing passes without a proved and listed peer, where the listener has peers.</summary>
    public async Task GuardAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        if (connection.Features.Get<Attempt>() is not { } attempt || connection.Features.Get<ISslStreamFeature>()?.SslStream is not { } stream)
        {
            var rejection = AspNetCoreRejections.Refuse(AspNetCoreRejectionReason.PeerRequired, "The connection went through no handshake of ours.");
            _audit.Refused(rejection, leafSha256: null, _time.GetUtcNow(), connection.RemoteEndPoint);
            connection.Abort(new ConnectionAbortedException(rejection.Code));
            return;
        }

        await (attempt.Handshake.Complete(stream).TryGet(out var peer, out var refusal)
            ? ServeAsync(connection, peer, attempt, next)
            : RefuseAsync(connection, stream, refusal)).ConfigureAwait(false);
    }

    // What it refuses, the handshake has logged.
    private Task RefuseAsync(ConnectionContext connection, SslStream stream, Rejection refusal)
    {
        if (HandshakeGate.TryRefuse(connection))
        {
            return _refusals.AnswerAsync(connection, stream, refusal);
        }

        connection.Abort(new ConnectionAbortedException(refusal.Code));
        return Task.CompletedTask;
    }

    // The one way on, and there is none without the proof.
    private async Task ServeAsync(ConnectionContext connection, VerifiedPeer peer, Attempt attempt, ConnectionDelegate next)
    {
        _audit.Accepted(peer, attempt.Began);
        var live = _services.GetRequiredService<LiveConnections>();
        var proved = new PeerConnection(connection, _plan.Name, peer, attempt.Handshake.Credential, _plan.RotationDrain);
        connection.Features.Set<IPeerFeature>(proved);
        live.Add(proved);
        try
        {
            await next(connection).ConfigureAwait(false);
        }
        finally
        {
            live.Remove(proved);
        }
    }

    private SslServerAuthenticationOptions AcceptAnybody()
    {
        var options = PeerTls.CreateEdgeOptions(_edge?.GetCredential() ?? _services.GetRequiredService<IPeerCredentialSource>().GetCredential());
        if (_plan.Tls12Reason is { } reason)
        {
            PeerTls.DangerousAllowTls12(options, reason);
        }

        return options;
    }

    private SslServerAuthenticationOptions AcceptPeer(BaseConnectionContext connection)
    {
        var (began, remote) = (_time.GetUtcNow(), connection.RemoteEndPoint);
        var handshake = _plan.AcceptClient(
            _services.GetRequiredService<PeerTls>(),
            _resumption,
            (rejection, presented) =>
            {
                HandshakeGate.Settle(connection);
                _audit.Refused(rejection, presented?.LeafSha256, began, remote);
            });
        connection.Features.Set(new Attempt(handshake, began));
        var options = handshake.CreateOptions();
        var judge = options.RemoteCertificateValidationCallback!;
#pragma warning disable CA5359 // the handshake keeps the verdict, and the guard, which lets nothing pass without it, tells a refused peer
        options.RemoteCertificateValidationCallback = (sender, certificate, chain, errors) =>
        {
            _ = judge(sender, certificate, chain, errors);
            return true;
        };
#pragma warning restore CA5359
        return options;
    }

    private sealed record Attempt(PeerServerHandshake Handshake, DateTimeOffset Began);
}

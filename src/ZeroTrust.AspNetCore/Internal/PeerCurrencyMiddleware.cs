using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using ZeroTrust.AspNetCore.Connections;
using ZeroTrust.AspNetCore.Refusals;
using ZeroTrust.Mtls;

namespace ZeroTrust.AspNetCore.Internal;

/// <summary>A connection is trusted only as long as the trust it rests on. Runs for every call, so what has not changed costs two comparisons.</summary>
internal sealed class PeerCurrencyMiddleware
{
    private readonly RequestDelegate _next;
    private readonly RejectionHandler _rejections;
    private readonly TimeProvider _time;
    private readonly ConnectionDrain _drain;
    private readonly PeerVerifier? _verifier;
    private readonly LiveConnections? _connections;
    private readonly Action<HttpContext, Rejection> _report;

    public PeerCurrencyMiddleware(RequestDelegate next, RejectionHandler rejections, TimeProvider time, IServiceProvider services)
    {
        _next = next;
        _rejections = rejections;
        _time = time;
        _drain = new ConnectionDrain(static _ => true, time);
        _report = (context, rejection) =>
        {
            ConnectionRefusal.MarkStatus(context);
            rejections.Report(context, rejection);
        };

        // A host without mutual TLS has neither.
        _verifier = services.GetService<PeerVerifier>();
        _connections = _verifier is null ? null : services.GetRequiredService<LiveConnections>();
    }

    public Task InvokeAsync(HttpContext context)
    {
        if (context.Features.Get<IPeerFeature>() is not { } feature)
        {
            return context.GetListener()?.Role is ListenerRole.Mesh or ListenerRole.Management
                ? RefuseAsync(
                    context, AspNetCoreRejections.Refuse(AspNetCoreRejectionReason.PeerRequired, "The connection has no verified peer."))
                : _next(context);
        }

        if (_verifier is null)
        {
            return _rejections.RefuseAsync(context, AspNetCoreRejections.Refuse(AspNetCoreRejectionReason.CheckFailed, "AddMtls() was not called."));
        }

        var connection = feature as PeerConnection;
        if (!(connection?.Judge(_verifier) ?? _verifier.Recheck(feature.Peer)).TryGet(out _, out var rejection))
        {
            return RefuseAsync(context, connection, rejection);
        }

        if (connection is null)
        {
            return _next(context);
        }

        return connection.IsDrainDue(_time) ? DrainAsync(context, connection) : ServeAsync(context, connection);
    }

    // Apart, so that a call which does not drain makes nothing for it.
    private Task DrainAsync(HttpContext context, PeerConnection connection) =>
        _drain.RunAsync(context, call => ServeAsync(call, connection));

    private Task ServeAsync(HttpContext context, PeerConnection connection) =>
        GrpcEnding.RunAsync(context, connection.Loss, _report, _next);

    private Task RefuseAsync(HttpContext context, PeerConnection? connection, Rejection rejection)
    {
        // The caller is given time to read why; then nothing of the connection is left, open streams included.
        context.Features.Get<IConnectionLifetimeNotificationFeature>()?.RequestClose();
        if (connection is not null)
        {
            _connections?.Close(connection, rejection);
        }

        return RefuseAsync(context, rejection);
    }

    private Task RefuseAsync(HttpContext context, Rejection rejection)
    {
        if (!context.Response.HasStarted)
        {
            ConnectionRefusal.MarkOnStart(context);
        }

        return _rejections.RefuseAsync(context, rejection);
    }
}

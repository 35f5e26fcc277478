using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using ZeroTrust.AspNetCore;
using ZeroTrust.Authz.AspNetCore.Diagnostics;
using ZeroTrust.Mtls;
using ZeroTrust.Shared;

namespace ZeroTrust.Authz.AspNetCore.Internal;

/// <summary>
/// Removes every inbound context header; keeps aside the three of the token when a verified peer sent them on a peer listener, and the three plain ones
/// from the few peers that code lists.
/// </summary>
internal sealed class ContextHeaderStrippingMiddleware
{
    private static readonly Func<string, string?> Recognise = static name => ContextHeader.Recognise(name);
    private static readonly string[] TokenNames = ["txn-token", "txn-chain", "txn-certs"];
    private static readonly string[] PlainNames = ["x-tenant-id", "x-subject-id", "x-permissions"];

    private readonly RequestDelegate _next;
    private readonly PlainContextReader _plainReader;
    private readonly ContextMetrics _metrics;
    private readonly QuietLogger _logger;
    private readonly ListenerEventBudgets _budgets;

    public ContextHeaderStrippingMiddleware(
        RequestDelegate next,
        PlainContextReader plainReader,
        ContextMetrics metrics,
        TimeProvider time,
        ILogger<ContextHeaderStrippingMiddleware> logger)
    {
        _next = next;
        _plainReader = plainReader;
        _metrics = metrics;
        _logger = new QuietLogger(logger);
        _budgets = new ListenerEventBudgets(
            time, (listener, suppressed) => Log.ContextHeadersSuppressed(_logger, listener, suppressed.Count, suppressed.Caller));
    }

    public Task InvokeAsync(HttpContext context)
    {
        var headers = InboundHeaders.Take(context.Request.Headers, Recognise);
        context.Features.Set(headers.Count == 0 ? PresentedContext.None : Present(context, headers));
        return _next(context);
    }

    private PresentedContext Present(HttpContext context, IReadOnlyList<InboundHeader> headers)
    {
        var listener = context.GetListener();
        var peer = context.GetVerifiedPeer();
        var token = new CarriedHeaders(TokenNames, listener?.Role is ListenerRole.Mesh or ListenerRole.Management && peer is not null);
        var plain = new CarriedHeaders(PlainNames, listener?.Role is ListenerRole.Mesh && peer is not null && _plainReader.IsListed(peer));
        SortedSet<string>? stripped = null;
        foreach (var header in headers)
        {
            if (!token.Keep(header) && !plain.Keep(header))
            {
                _metrics.Stripped(header.Name, listener?.Role ?? ListenerRole.Unspecified);
                (stripped ??= new(StringComparer.Ordinal)).Add(header.Name);
            }
        }

        if (stripped is not null)
        {
            Tell(context, stripped, listener?.Name, peer);
        }

        return token.IsEmpty && plain.IsEmpty
            ? PresentedContext.None
            : new(
                token.IsEmpty ? (Verdict<TxnHeaders>?)null : TxnHeaders.FromValues(token.Of(0), token.Of(1), token.Of(2)),
                plain.IsEmpty ? (Verdict<PlainHeaders>?)null : PlainHeaders.FromValues(plain.Of(0), plain.Of(1), plain.Of(2), besideToken: !token.IsEmpty));
    }

    /// <summary>
    /// One event for the call, however many headers it had. The names are those they were recognised as, not what was sent.
    /// </summary>
    private void Tell(HttpContext context, SortedSet<string> stripped, string? listener, VerifiedPeer? peer)
    {
        var workload = peer?.ToString();
        if (_budgets.TryPass(listener, EventCaller.Of(workload, context.Features.Get<IConnectionEndPointFeature>()?.RemoteEndPoint)))
        {
            Log.ContextHeaderStripped(_logger, string.Join(", ", stripped), listener, workload);
        }
    }
}

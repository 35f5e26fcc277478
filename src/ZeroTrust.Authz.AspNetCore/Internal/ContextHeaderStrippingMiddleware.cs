using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using ZeroTrust.AspNetCore;
using ZeroTrust.Authz.AspNetCore.Diagnostics;

namespace ZeroTrust.Authz.AspNetCore.Internal;

/// <summary>
/// Removes every inbound context header; keeps aside the three of the token when a verified peer sent them on a peer listener, and the three plain ones
/// from the few peers that code lists.
/// </summary>
internal sealed class ContextHeaderStrippingMiddleware(
    RequestDelegate next, PlainContextReader plainReader, ContextMetrics metrics, ILogger<ContextHeaderStrippingMiddleware> logger)
{
    private static readonly Func<string, string?> Recognise = static name => ContextHeader.Recognise(name);
    private static readonly string[] TokenNames = ["txn-token", "txn-chain", "txn-certs"];
    private static readonly string[] PlainNames = ["x-tenant-id", "x-subject-id", "x-permissions"];

    public Task InvokeAsync(HttpContext context)
    {
        var headers = InboundHeaders.Take(context.Request.Headers, Recognise);
        context.Features.Set(headers.Count == 0 ? PresentedContext.None : Present(context, headers));
        return next(context);
    }

    private PresentedContext Present(HttpContext context, IReadOnlyList<InboundHeader> headers)
    {
        var listener = context.GetListener();
        var peer = context.GetVerifiedPeer();
        var token = new CarriedHeaders(TokenNames, listener?.Role is ListenerRole.Mesh or ListenerRole.Management && peer is not null);
        var plain = new CarriedHeaders(PlainNames, listener?.Role is ListenerRole.Mesh && peer is not null && plainReader.IsListed(peer));
        foreach (var header in headers)
        {
            if (!token.Keep(header) && !plain.Keep(header))
            {
                metrics.Stripped(header.Name, listener?.Role ?? ListenerRole.Unspecified);
                Log.ContextHeaderStripped(logger, header.Name, listener?.Name, peer?.ToString());
            }
        }

        return token.IsEmpty && plain.IsEmpty
            ? PresentedContext.None
            : new(
                token.IsEmpty ? (Verdict<TxnHeaders>?)null : TxnHeaders.FromValues(token.Of(0), token.Of(1), token.Of(2)),
                plain.IsEmpty ? (Verdict<PlainHeaders>?)null : PlainHeaders.FromValues(plain.Of(0), plain.Of(1), plain.Of(2), besideToken: !token.IsEmpty));
    }
}

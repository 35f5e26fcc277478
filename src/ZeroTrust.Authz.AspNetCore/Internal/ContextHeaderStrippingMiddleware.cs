using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using ZeroTrust.AspNetCore;
using ZeroTrust.Authz.AspNetCore.Diagnostics;

namespace ZeroTrust.Authz.AspNetCore.Internal;

/// <summary>Removes every inbound context header; keeps aside the three of the token when a verified peer sent them on a peer listener.</summary>
internal sealed class ContextHeaderStrippingMiddleware(
    RequestDelegate next, ContextHeaderMetrics metrics, ILogger<ContextHeaderStrippingMiddleware> logger)
{
    private static readonly Func<string, string?> Recognise = static name => ContextHeader.Recognise(name);
    private static readonly string[] Wire = ["txn-token", "txn-chain", "txn-certs"];

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
        var mayCarry = listener?.Role is ListenerRole.Mesh or ListenerRole.Management && peer is not null;
        List<string?>[] taken = [[], [], []];
        List<string?>[] misspelled = [[], [], []];
        foreach (var header in headers)
        {
            var slot = Array.IndexOf(Wire, header.Name);
            if (mayCarry && slot >= 0)
            {
                // A proxy joins repeated headers with commas, and none of the three values may contain one.
                (header.IsExact ? taken : misspelled)[slot].AddRange(header.Values.SelectMany(value => (value ?? string.Empty).Split(',')));
                if (header.IsExact)
                {
                    continue;
                }
            }

            metrics.Stripped(header.Name, listener?.Role ?? ListenerRole.Unspecified);
            Log.ContextHeaderStripped(logger, header.Name, listener?.Name, peer?.ToString());
        }

        if (taken is [[], [], []])
        {
            return PresentedContext.None;
        }

        // A second spelling beside the first is a second value: which of the two a reader would pick is not left to chance.
        for (var slot = 0; slot < Wire.Length; slot++)
        {
            if (taken[slot].Count > 0)
            {
                taken[slot].AddRange(misspelled[slot]);
            }
        }

        return new(TxnHeaders.FromValues(taken[0], taken[1], taken[2]));
    }
}

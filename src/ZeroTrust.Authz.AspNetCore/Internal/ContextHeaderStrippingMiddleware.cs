using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using ZeroTrust.AspNetCore;
using ZeroTrust.Authz.AspNetCore.Diagnostics;

namespace ZeroTrust.Authz.AspNetCore.Internal;

/// <summary>Removes every inbound context header; keeps aside the three of the token when a verified peer sent them on a peer listener.</summary>
internal sealed class ContextHeaderStrippingMiddleware(
    RequestDelegate next, ContextHeaderMetrics metrics, ILogger<ContextHeaderStrippingMiddleware> logger)
{
    private static readonly string[] Wire = ["txn-token", "txn-chain", "txn-certs"];

    public Task InvokeAsync(HttpContext context)
    {
        List<string>? names = null;
        foreach (var (name, _) in context.Request.Headers)
        {
            if (ContextHeader.Recognise(name) is not null)
            {
                (names ??= []).Add(name);
            }
        }

        context.Features.Set(names is null ? PresentedContext.None : Take(context, names));
        return next(context);
    }

    private PresentedContext Take(HttpContext context, List<string> names)
    {
        var listener = context.GetListener();
        var peer = context.GetVerifiedPeer();
        var mayCarry = listener?.Role is ListenerRole.Mesh or ListenerRole.Management && peer is not null;
        List<string?>[] taken = [[], [], []];
        List<string?>[] misspelled = [[], [], []];
        foreach (var name in names)
        {
            var canonical = ContextHeader.Recognise(name)!;
            var values = context.Request.Headers[name];
            context.Request.Headers.Remove(name);
            var slot = Array.IndexOf(Wire, canonical);
            if (mayCarry && slot >= 0)
            {
                // A proxy joins repeated headers with commas, and none of the three values may contain one.
                var isExact = string.Equals(name, canonical, StringComparison.OrdinalIgnoreCase);
                (isExact ? taken : misspelled)[slot].AddRange(values.SelectMany(value => (value ?? string.Empty).Split(',')));
                if (isExact)
                {
                    continue;
                }
            }

            metrics.Stripped(canonical, listener?.Role ?? ListenerRole.Unspecified);
            Log.ContextHeaderStripped(logger, canonical, listener?.Name, peer?.ToString());
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

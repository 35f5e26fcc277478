using Microsoft.AspNetCore.Http;
using ZeroTrust.AspNetCore;

namespace ZeroTrust.Authz.AspNetCore.Transports;

/// <summary>The caller of a connection: its key, and what a refusal on the connection is logged with.</summary>
/// <remarks>
/// Kept with the items of a request: of a long poll, SignalR keeps a copy of the request, with its items and without its features.
/// </remarks>
internal sealed class TransportCaller
{
    private static readonly object ItemKey = new();

    private readonly IListenerFeature? _listener;
    private readonly IPeerFeature? _peer;

    private TransportCaller(HttpContext context)
    {
        Key = KeyOf(context);
        _listener = context.Features.Get<IListenerFeature>();
        _peer = context.Features.Get<IPeerFeature>();
    }

    public string Key { get; }

    /// <summary>Tenant, subject and peer of an accepted context; without one, the peer alone.</summary>
    public static string KeyOf(HttpContext context) =>
        context.Features.Get<IAuthzContextFeature>()?.Verdict is { IsAccepted: true, Value: var authz }
            ? $"{authz.Tenant}/{authz.Subject}\n{context.GetVerifiedPeer()}"
            : $"\n{context.GetVerifiedPeer()}";

    public static void Keep(HttpContext context) => context.Items[ItemKey] = new TransportCaller(context);

    /// <summary>Finds the caller, and gives the copy of a request back what the caller is known by.</summary>
    public static TransportCaller? Find(HttpContext? context)
    {
        if (context?.Items.TryGetValue(ItemKey, out var item) != true || item is not TransportCaller caller)
        {
            return null;
        }

        if (context.Features.Get<IListenerFeature>() is null)
        {
            context.Features.Set(caller._listener);
            context.Features.Set(caller._peer);
        }

        return caller;
    }
}

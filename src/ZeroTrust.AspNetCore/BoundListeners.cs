using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace ZeroTrust.AspNetCore;

/// <summary>Where the declared listeners are bound. Take it from the services once the host has started.</summary>
public sealed class BoundListeners
{
    private readonly ConcurrentDictionary<string, ListenOptions> _listeners = new(StringComparer.OrdinalIgnoreCase);

    internal BoundListeners()
    {
    }

    /// <summary>The end point of a listener, with the port that was chosen where 0 was declared.</summary>
    /// <param name="name">The listener's name in the configuration.</param>
    /// <exception cref="ArgumentException">No such listener is bound.</exception>
    public IPEndPoint GetEndPoint(string name) =>
        _listeners.TryGetValue(name, out var listen) && listen.IPEndPoint is { } endPoint
            ? endPoint
            : throw new ArgumentException($"No listener '{name}' is bound.", nameof(name));

    internal void Add(string name, ListenOptions listen) => _listeners[name] = listen;

    internal bool IsDeclared(string address) =>
        _listeners.Values.Any(listen => string.Equals(listen.ToString(), address, StringComparison.OrdinalIgnoreCase));
}

using System.Collections.Concurrent;

namespace ZeroTrust.Authz.AspNetCore.Transports;

/// <summary>
/// Remembers which caller began each SignalR connection. The framework takes every request that names a connection's id for one of its
/// client, and lets it act as the user of the connection.
/// </summary>
/// <remarks>Bounded: when full, connections that are new are refused, and none that lives is forgotten.</remarks>
internal sealed class TransportOwners(TimeProvider time, TimeSpan idle)
{
    public const int Capacity = 65_536;

    /// <summary>Far longer than the framework keeps a connection whose client does not poll.</summary>
    public static readonly TimeSpan Idle = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan SweepInterval = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, TransportOwner> _owners = new(StringComparer.Ordinal);
    private long _swept = time.GetTimestamp();

    /// <summary>Begins a request of a connection.</summary>
    /// <param name="id">The id it names.</param>
    /// <param name="caller">The caller.</param>
    /// <returns>What to leave with; null when another caller began the connection, or there is no room for one more.</returns>
    public TransportOwner? TryEnter(string id, string caller)
    {
        while (true)
        {
            if (!_owners.TryGetValue(id, out var owner))
            {
                if (_owners.Count >= Capacity && !TryMakeRoom())
                {
                    return null;
                }

                owner = _owners.GetOrAdd(id, static (_, caller) => new TransportOwner(caller), caller);
            }

            if (owner.TryBegin(caller) is { } isOwner)
            {
                return isOwner ? owner : null;
            }

            Forget(id, owner);
        }
    }

    /// <summary>Begins a request of a connection that has been begun.</summary>
    /// <param name="id">The id it names.</param>
    /// <param name="caller">The caller.</param>
    /// <returns>What to leave with; null when another caller began the connection, or none did.</returns>
    public TransportOwner? TryReturn(string id, string caller) =>
        _owners.TryGetValue(id, out var owner) && owner.TryBegin(caller) == true ? owner : null;

    /// <summary>Ends a request of a connection.</summary>
    /// <param name="id">The id it named.</param>
    /// <param name="owner">What it was entered with.</param>
    /// <param name="isServed">Whether the framework knows the connection; an id that was made up is not kept.</param>
    public void Leave(string id, TransportOwner owner, bool isServed)
    {
        if (owner.End(time.GetTimestamp(), isServed))
        {
            Forget(id, owner);
        }
    }

    // Once in a while: whoever fills it must not make each further call look at all of it.
    private bool TryMakeRoom()
    {
        var swept = Interlocked.Read(ref _swept);
        if (time.GetElapsedTime(swept) >= SweepInterval && Interlocked.CompareExchange(ref _swept, time.GetTimestamp(), swept) == swept)
        {
            foreach (var (id, owner) in _owners)
            {
                if (owner.TryForget(time, idle))
                {
                    Forget(id, owner);
                }
            }
        }

        return _owners.Count < Capacity;
    }

    private void Forget(string id, TransportOwner owner) => _owners.TryRemove(KeyValuePair.Create(id, owner));
}

using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace ZeroTrust.Authz.Internal;

/// <summary>Remembers the latest entries; when full, the oldest goes. What is kept lasts seconds, so age is a good enough guess at use.</summary>
internal sealed class BoundedCache<TKey, TValue>(int capacity)
    where TKey : notnull
    where TValue : class
{
    private readonly ConcurrentDictionary<TKey, TValue> _entries = new();
    private readonly ConcurrentQueue<TKey> _order = new();

    internal bool TryGet(TKey key, [NotNullWhen(true)] out TValue? value) => _entries.TryGetValue(key, out value);

    internal void Set(TKey key, TValue value)
    {
        // The queue bounds the dictionary: every key in it was queued, and a key queued twice only leaves early.
        _entries[key] = value;
        _order.Enqueue(key);
        while (_order.Count > capacity && _order.TryDequeue(out var oldest))
        {
            _entries.TryRemove(oldest, out _);
        }
    }

    internal void Remove(TKey key) => _entries.TryRemove(key, out _);
}

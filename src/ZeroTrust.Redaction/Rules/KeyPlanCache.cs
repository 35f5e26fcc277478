using System.Collections.Concurrent;

namespace ZeroTrust.Redaction.Rules;

/// <summary>
/// Remembers what was decided about the keys in use. Keys made from user input cannot fill the memory: at <see cref="Capacity"/> keys it starts anew,
/// and the keys that come again and again are the first to be back.
/// </summary>
internal sealed class KeyPlanCache(Func<string, KeyPlan> decide)
{
    public const int Capacity = 4096;
    private const int LongestKey = 256;
    private const int Slots = 2048;

    /// <summary>In front of the dictionary: each key in the one place its characters lead to, without hashing all of them.</summary>
    private readonly KeyPlan?[] _slots = new KeyPlan?[Slots];
    private ConcurrentDictionary<string, KeyPlan> _plans = new(StringComparer.Ordinal);
    private int _count;

    public int Count => Volatile.Read(ref _count);

    public KeyPlan PlanFor(string key)
    {
        ref var slot = ref _slots[SlotOf(key)];
        var plan = Volatile.Read(ref slot);
        if (plan is not null && string.Equals(plan.Key, key, StringComparison.Ordinal))
        {
            return plan;
        }

        plan = FindOrDecide(key);
        if (key.Length <= LongestKey)
        {
            Volatile.Write(ref slot, plan);
        }

        return plan;
    }

    private KeyPlan FindOrDecide(string key)
    {
        var plans = Volatile.Read(ref _plans);
        if (plans.TryGetValue(key, out var plan))
        {
            return plan;
        }

        plan = decide(key);
        if (key.Length <= LongestKey && plans.TryAdd(key, plan) && Interlocked.Increment(ref _count) >= Capacity)
        {
            Volatile.Write(ref _plans, new(StringComparer.Ordinal));
            Volatile.Write(ref _count, 0);
        }

        return plan;
    }

    private static int SlotOf(string key) => key.Length == 0
        ? 0
        : ((key.Length * 31) + (key[^1] * 7) + (key[key.Length / 2] * 131) + (key[key.Length / 3] * 17) + (key[(key.Length * 3) / 4] * 37)) & (Slots - 1);
}

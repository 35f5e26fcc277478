using System.Collections.Concurrent;

namespace ZeroTrust.Shared;

/// <summary>One budget for each listener: what strangers do at the edge hides nothing that happens inside.</summary>
/// <param name="time">The clock.</param>
/// <param name="tell">Writes one summary of one listener.</param>
internal sealed class ListenerEventBudgets(TimeProvider time, Action<string?, SuppressedEvents> tell)
{
    private readonly ConcurrentDictionary<string, EventBudget> _budgets = new(StringComparer.Ordinal);

    /// <summary>Whether an event about this caller may be written.</summary>
    public bool TryPass(string? listener, EventCaller caller) =>
        (_budgets.TryGetValue(listener ?? string.Empty, out var budget) ? budget : Add(listener)).TryPass(caller);

    private EventBudget Add(string? listener) => _budgets.GetOrAdd(
        listener ?? string.Empty,
        static (_, state) => new EventBudget(state.time, suppressed => state.tell(state.listener, suppressed)),
        (time, tell, listener));
}

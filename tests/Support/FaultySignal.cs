using System.Collections.Concurrent;

namespace ZeroTrust.Tests.Support;

/// <summary>A readiness signal that keeps what it heard, and may go wrong.</summary>
/// <param name="fault">What becomes of it; null for one that works.</param>
internal sealed class FaultySignal(Fault? fault = null) : IReadinessSignal
{
    private readonly ConcurrentDictionary<string, DependencyState> _states = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<(string Dependency, DependencyState State)> _heard = new();

    /// <summary>Everything it heard of the dependency, in order.</summary>
    public IEnumerable<DependencyState> HeardOf(string dependency) => _heard.Where(heard => heard.Dependency == dependency).Select(heard => heard.State);

    public DependencyState Of(string dependency) => _states.GetValueOrDefault(dependency);

    public void Report(string dependency, DependencyState state, string? reason = null)
    {
        fault?.Strike();
        _heard.Enqueue((dependency, state));
        _states[dependency] = state;
    }
}

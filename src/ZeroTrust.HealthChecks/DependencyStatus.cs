namespace ZeroTrust.HealthChecks;

/// <summary>One dependency inside a <see cref="ReadinessState"/>. For the operator; probes never show it.</summary>
public sealed class DependencyStatus
{
    internal DependencyStatus(string name, DependencyState state, bool isCritical, bool isStale, string? reason)
    {
        Name = name;
        State = state;
        IsCritical = isCritical;
        IsStale = isStale;
        Reason = reason;
    }

    /// <summary>The name it was reported or registered under.</summary>
    public string Name { get; }

    /// <summary>What was last known of it.</summary>
    public DependencyState State { get; }

    /// <summary>Whether readiness needs it.</summary>
    public bool IsCritical { get; }

    /// <summary>Whether what was last known is too old to be believed; counts as not ready.</summary>
    public bool IsStale { get; }

    /// <summary>Why, as its reporter said. May name internals.</summary>
    public string? Reason { get; }

    internal bool IsUsable => State is DependencyState.Ready or DependencyState.Degraded && !IsStale;
}

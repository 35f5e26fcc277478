namespace ZeroTrust.HealthChecks.Internal;

/// <summary>What the hub remembers of one dependency. Only touched under the hub's lock.</summary>
internal sealed class Dependency(string name, int failureThreshold, int successThreshold)
{
    private DependencyState _state;
    private string? _reason;
    private long _reportedAt;
    private long _lifetime = long.MaxValue;
    private DependencyStatus? _status;
    private bool _lastRunPassed;
    private int _runsAlike;

    public HealthGroups Groups { get; set; } = HealthGroups.Ready;

    public bool IsCritical { get; set; } = true;

    public TimeSpan? MaxStaleness { get; set; }

    /// <summary>How often something was pushed: what a run takes along, so that its outcome cannot undo a push made meanwhile.</summary>
    public long Pushes { get; private set; }

    /// <summary>Takes what was pushed, which counts at once.</summary>
    public void Push(DependencyState state, string? reason, TimeProvider time)
    {
        Pushes++;
        _runsAlike = 0;
        Set(state, reason, time);
    }

    /// <summary>Takes the outcome of a run of its check, which may have to be confirmed by further ones.</summary>
    /// <remarks>A run that awaits confirmation renews nothing: what was believed before goes stale meanwhile.</remarks>
    public void Run(DependencyState state, string? reason, TimeProvider time)
    {
        var passed = IsGood(state);
        _runsAlike = passed == _lastRunPassed ? _runsAlike + 1 : 1;
        _lastRunPassed = passed;
        var isGood = IsGood(_state) && !IsStaleAt(time.GetTimestamp());
        if (_state == DependencyState.Unknown || passed == isGood || _runsAlike >= (passed ? successThreshold : failureThreshold))
        {
            Set(state, reason, time);
        }
    }

    /// <summary>The status now; the same object as before when nothing about it changed.</summary>
    public DependencyStatus Status(long now, ref long staleAt)
    {
        var isStale = false;
        if (IsGood(_state) && _lifetime != long.MaxValue)
        {
            isStale = IsStaleAt(now);
            staleAt = isStale ? staleAt : Math.Min(staleAt, _reportedAt + _lifetime);
        }

        return _status is { } known && known.State == _state && known.IsCritical == IsCritical && known.IsStale == isStale
            && string.Equals(known.Reason, _reason, StringComparison.Ordinal)
                ? known
                : _status = new DependencyStatus(name, _state, IsCritical, isStale, _reason);
    }

    private static bool IsGood(DependencyState state) => state is DependencyState.Ready or DependencyState.Degraded;

    private bool IsStaleAt(long now) => _lifetime != long.MaxValue && now - _reportedAt >= _lifetime;

    private void Set(DependencyState state, string? reason, TimeProvider time)
    {
        _state = state;
        _reason = reason;
        _reportedAt = time.GetTimestamp();
        _lifetime = MaxStaleness is { } max ? (long)(max.TotalSeconds * time.TimestampFrequency) : long.MaxValue;
    }
}

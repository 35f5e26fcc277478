namespace ZeroTrust.HealthChecks.Internal;

/// <summary>What the hub remembers of one dependency. Only touched under the hub's lock.</summary>
internal sealed class Dependency(string name)
{
    private DependencyState _state;
    private string? _reason;
    private long _reportedAt;
    private long _lifetime = long.MaxValue;
    private DependencyStatus? _status;

    public HealthGroups Groups { get; set; } = HealthGroups.Ready;

    public bool IsCritical { get; set; } = true;

    public TimeSpan? MaxStaleness { get; set; }

    public long Pushes { get; set; }

    public void Set(DependencyState state, string? reason, TimeProvider time)
    {
        _state = state;
        _reason = reason;
        _reportedAt = time.GetTimestamp();
        _lifetime = MaxStaleness is { } max ? (long)(max.TotalSeconds * time.TimestampFrequency) : long.MaxValue;
    }

    /// <summary>The status now; the same object as before when nothing about it changed.</summary>
    public DependencyStatus Status(long now, ref long staleAt)
    {
        var isStale = false;
        if (_state is DependencyState.Ready or DependencyState.Degraded && _lifetime != long.MaxValue)
        {
            isStale = now - _reportedAt >= _lifetime;
            staleAt = isStale ? staleAt : Math.Min(staleAt, _reportedAt + _lifetime);
        }

        return _status is { } known && known.State == _state && known.IsCritical == IsCritical && known.IsStale == isStale
            && string.Equals(known.Reason, _reason, StringComparison.Ordinal)
                ? known
                : _status = new DependencyStatus(name, _state, IsCritical, isStale, _reason);
    }
}

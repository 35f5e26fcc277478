namespace ZeroTrust.Shared;

/// <summary>A source that is looked at again and again, and how long ago the last look ended.</summary>
/// <remarks>The age is computed when it is asked for, in time that cannot be set: it grows whatever became of the loop that looks.</remarks>
/// <param name="name">What is looked at, for the log.</param>
/// <param name="look">Looks once.</param>
/// <param name="limits">How often, and how long it may be missed.</param>
internal sealed class Watch(string name, Action look, WatchLimits limits)
{
    private TimeProvider? _time;
    private long _lookedAt;

    public string Name { get; } = name;

    public TimeSpan Interval => limits.Interval;

    /// <summary>Whether looks were missed.</summary>
    public bool IsLate => Age >= limits.LateAfter;

    /// <summary>Whether so many were missed that nothing may rest on the source.</summary>
    public bool IsStale => Age >= limits.StaleAfter;

    // Nothing is late before the first loop begins, nor after it was ended on purpose.
    private TimeSpan Age => Volatile.Read(ref _time) is { } time ? time.GetElapsedTime(Volatile.Read(ref _lookedAt)) : TimeSpan.Zero;

    public void Begin(TimeProvider time)
    {
        Volatile.Write(ref _lookedAt, time.GetTimestamp());
        Volatile.Write(ref _time, time);
    }

    public void End() => Volatile.Write(ref _time, null);

    public void Look()
    {
        look();
        if (Volatile.Read(ref _time) is { } time)
        {
            Volatile.Write(ref _lookedAt, time.GetTimestamp());
        }
    }
}

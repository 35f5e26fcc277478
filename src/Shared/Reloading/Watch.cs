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
    private long _suspectedAt;

    public string Name { get; } = name;

    public TimeSpan Interval => limits.Interval;

    /// <summary>Whether looks were missed.</summary>
    public bool IsLate => Age >= limits.LateAfter;

    /// <summary>Whether so many were missed that nothing may rest on the source.</summary>
    /// <remarks>
    /// Asked for the last part of the time again and again, by readiness if by nothing else. A process that was stopped itself, and not its loop alone, is
    /// first asked long after: it has that last part to make its next look before anything is refused or cut.
    /// </remarks>
    public bool IsStale
    {
        get
        {
            if (Volatile.Read(ref _time) is not { } time || Age < limits.StaleAfter - limits.LateAfter)
            {
                return false;
            }

            var now = time.GetTimestamp();
            var suspectedAt = Interlocked.CompareExchange(ref _suspectedAt, now, 0);
            return suspectedAt != 0 && time.GetElapsedTime(suspectedAt, now) >= limits.LateAfter;
        }
    }

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
            Volatile.Write(ref _suspectedAt, 0);
        }
    }
}

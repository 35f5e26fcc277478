namespace ZeroTrust.Shared;

/// <summary>How often a source is looked at, and how long it may go without a look.</summary>
/// <param name="Interval">The time from one look to the next.</param>
/// <param name="LateAfter">When the missing look is reported.</param>
/// <param name="StaleAfter">When what rests on the source is refused.</param>
internal sealed record WatchLimits(TimeSpan Interval, TimeSpan LateAfter, TimeSpan StaleAfter)
{
    private const int LooksMissed = 10;

    // A process that is short of threads misses looks for seconds; that is no reason for an alarm.
    private static readonly TimeSpan LeastLate = TimeSpan.FromSeconds(5);

    /// <summary>Late after ten looks that were missed and no less than 5 seconds; stale after the given time and never before twice that.</summary>
    public static WatchLimits For(TimeSpan interval, TimeSpan maxStaleness)
    {
        var late = Max(interval * LooksMissed, LeastLate);
        return new WatchLimits(interval, late, Max(maxStaleness, late * 2));
    }

    private static TimeSpan Max(TimeSpan left, TimeSpan right) => left > right ? left : right;
}

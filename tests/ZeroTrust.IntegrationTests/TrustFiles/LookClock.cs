using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace ZeroTrust.IntegrationTests.TrustFiles;

/// <summary>The time of the system, in which what is done every second or more often is done every 20 milliseconds, and counted.</summary>
internal sealed class LookClock : TimeProvider
{
    private static readonly TimeSpan Often = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<TimeSpan, (StrongBox<int> Timers, StrongBox<int> Looks)> _counts = new();

    /// <summary>Waits until each source that is looked at so often was looked at so many times more.</summary>
    public Task LooksAsync(TimeSpan interval, int count, CancellationToken cancellationToken)
    {
        var (timers, looks) = _counts[interval];
        var goal = Volatile.Read(ref looks.Value) + (count * Volatile.Read(ref timers.Value));
        return UntilAsync(() => Volatile.Read(ref looks.Value) >= goal, () => "Nothing was looked at.", cancellationToken);
    }

    public static async Task UntilAsync(Func<bool> condition, Func<string> otherwise, CancellationToken cancellationToken)
    {
        var began = Stopwatch.GetTimestamp();
        while (!condition())
        {
            Assert.True(Stopwatch.GetElapsedTime(began) < Deadline, otherwise());
            await Task.Delay(TimeSpan.FromMilliseconds(5), cancellationToken);
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (period <= TimeSpan.Zero || period > Often)
        {
            return base.CreateTimer(callback, state, dueTime, period);
        }

        var (timers, looks) = _counts.GetOrAdd(period, static _ => (new StrongBox<int>(), new StrongBox<int>()));
        Interlocked.Increment(ref timers.Value);
        return base.CreateTimer(Look, state, Interval, Interval);

        void Look(object? given)
        {
            Interlocked.Increment(ref looks.Value);
            callback(given);
        }
    }
}

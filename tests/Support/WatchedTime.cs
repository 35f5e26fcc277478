using Microsoft.Extensions.Time.Testing;

namespace ZeroTrust.Tests.Support;

/// <summary>A clock that stands still, and says which timers were set on it.</summary>
internal sealed class WatchedTime : FakeTimeProvider
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Lock _lock = new();
    private readonly List<TimeSpan> _set = [];
    private TaskCompletionSource _next = NewSignal();

    public WatchedTime(DateTimeOffset? now = null)
        : base(now ?? System.GetUtcNow())
    {
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        TaskCompletionSource told;
        lock (_lock)
        {
            _set.Add(dueTime);
            (told, _next) = (_next, NewSignal());
        }

        told.SetResult();
        return timer;
    }

    /// <summary>Waits until a timer is set that is due in a time, and forgets those that were set.</summary>
    public async Task SetAsync(TimeSpan due)
    {
        while (true)
        {
            Task next;
            lock (_lock)
            {
                if (_set.Contains(due))
                {
                    _set.Clear();
                    return;
                }

                next = _next.Task;
            }

            await next.WaitAsync(Patience, TestContext.Current.CancellationToken);
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

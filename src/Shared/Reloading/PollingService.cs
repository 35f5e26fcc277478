using Microsoft.Extensions.Hosting;

namespace ZeroTrust.Shared;

/// <summary>Looks at sources for the life of the host, each in a loop of its own that no exception ends, and reports how they are from a timer beside them.</summary>
/// <param name="time">The time of the loops.</param>
/// <param name="events">Where failed looks are logged.</param>
internal abstract class PollingService(TimeProvider time, WatchEvents events) : IHostedLifecycleService, IDisposable
{
    // A read that hangs is left behind.
    private static readonly TimeSpan LongestStop = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _reporting = new();
    private IReadOnlyList<Watch> _watches = [];
    private Task _looking = Task.CompletedTask;
    private ITimer? _reports;

    /// <summary>How often <see cref="Report"/> is called.</summary>
    protected abstract TimeSpan ReportInterval { get; }

    public Task StartingAsync(CancellationToken cancellationToken)
    {
        _watches = Prepare();
        Report();
        _reports = time.CreateTimer(_ => ReportAgain(), state: null, ReportInterval, ReportInterval);
        _looking = Task.WhenAll(_watches.Select(LookAsync));
        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // Connections drain until now, and may need the next certificate while they do.
    public async Task StoppedAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _looking.WaitAsync(LongestStop, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        End();
    }

    // A host that failed to start is disposed without being stopped, and must not go on reading files.
    public void Dispose()
    {
        _stopping.Cancel();
        End();
        _stopping.Dispose();
    }

    /// <summary>Makes the sources before anything listens.</summary>
    /// <returns>What is to be looked at; sources that are told of changes are not.</returns>
    protected abstract IReadOnlyList<Watch> Prepare();

    /// <summary>Reports how the sources are. Called by one caller at a time.</summary>
    protected virtual void Report()
    {
    }

    private void ReportAgain()
    {
        // One that hangs in a signal of the application keeps its thread, and no further ones.
        if (!_reporting.TryEnter())
        {
            return;
        }

        try
        {
            foreach (var watch in _watches)
            {
                _ = watch.IsStale;
            }

            Report();
        }
        catch (Exception exception)
        {
            events.LookFailed("report to readiness", exception);
        }
        finally
        {
            _reporting.Exit();
        }
    }

    private async Task LookAsync(Watch watch)
    {
        var stopping = _stopping.Token;
        watch.Begin(time);
        using var timer = new PeriodicTimer(watch.Interval, time);
        string? failure = null;
        while (await timer.WaitForNextTickAsync(stopping).ConfigureAwait(false))
        {
            // Away from the thread of the timers, which a read that hangs would keep from the others.
            await Task.Yield();
            try
            {
                watch.Look();
                failure = null;
            }
            catch (Exception exception)
            {
                if (failure != exception.Message)
                {
                    failure = exception.Message;
                    events.LookFailed(watch.Name, exception);
                }
            }
        }
    }

    private void End()
    {
        _reports?.Dispose();
        foreach (var watch in _watches)
        {
            watch.End();
        }
    }
}

namespace ZeroTrust.Shared;

/// <summary>
/// Lets as many events pass as a log can take, fairly: each caller has a small budget, all of a kind share another, and the first
/// event of a caller passes while others flood. Strangers' addresses and proved workloads are two kinds, so neither can use up what the
/// other has.
/// </summary>
/// <remarks>Every event that did not pass is in exactly one of the summaries, which follow within a second.</remarks>
#pragma warning disable CA1001 // it lives as long as the host; its timer is armed only while there is something to tell
internal sealed class EventBudget
#pragma warning restore CA1001
{
    private static readonly TimeSpan SummaryDelay = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly TimeProvider _time;
    private readonly Action<SuppressedEvents> _tell;
    private readonly CallerBudgets _addresses;
    private readonly CallerBudgets _workloads;
    private readonly ITimer _summary;
    private bool _isArmed;
    private bool _isTelling;

    /// <param name="time">The clock; only its timestamps are read.</param>
    /// <param name="tell">Writes one summary. It may throw.</param>
    public EventBudget(TimeProvider time, Action<SuppressedEvents> tell)
    {
        _time = time;
        _tell = tell;
        _addresses = new CallerBudgets(time, "other addresses");
        _workloads = new CallerBudgets(time, "other workloads");

        // A budget may be made during a call, whose context is none of the timer's.
        using (ExecutionContext.IsFlowSuppressed() ? default(AsyncFlowControl?) : ExecutionContext.SuppressFlow())
        {
            _summary = time.CreateTimer(
                static state => ((EventBudget)state!).Summarize(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Whether an event about this caller may be written.</summary>
    public bool TryPass(EventCaller caller)
    {
        lock (_lock)
        {
            if ((caller.IsProved ? _workloads : _addresses).TryPass(caller, _time.GetTimestamp()))
            {
                return true;
            }

            if (!_isArmed)
            {
                _isArmed = _summary.Change(SummaryDelay, Timeout.InfiniteTimeSpan);
            }

            return false;
        }
    }

    private void Summarize()
    {
        var summaries = new List<SuppressedEvents>();
        lock (_lock)
        {
            // A log that hangs keeps its thread, and no further ones: what is counted meanwhile is told when it is back.
            if (_isTelling)
            {
                _isArmed = _summary.Change(SummaryDelay, Timeout.InfiniteTimeSpan);
                return;
            }

            _isTelling = true;
            _isArmed = false;
            _workloads.TakeSuppressed(summaries);
            _addresses.TakeSuppressed(summaries);
        }

        foreach (var summary in summaries)
        {
            try
            {
                _tell(summary);
            }
            catch (Exception)
            {
                // A log that fails must not end the process, which an exception on the timer's thread would.
            }
        }

        lock (_lock)
        {
            _isTelling = false;
        }
    }
}

namespace ZeroTrust.Shared;

/// <summary>
/// Reports each change of a dependency's state to every readiness signal; one that throws or hangs is reported to again, and keeps no other
/// from hearing.
/// </summary>
/// <param name="signals">The signals of the host.</param>
/// <param name="events">Where a signal that throws or hangs is logged.</param>
internal sealed class ReadinessReporter(IEnumerable<IReadinessSignal> signals, WatchEvents events)
{
    private readonly Dictionary<string, (DependencyState State, string? Reason)> _states = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();
    private readonly Signal[] _signals = [.. signals.Select(signal => new Signal(signal))];

    public bool HasSignals => _signals.Length > 0;

    /// <param name="dependency">The dependency.</param>
    /// <param name="state">Its state.</param>
    /// <param name="reason">Why.</param>
    /// <param name="isHeartbeat">Whether the same state is reported again, for readers that hold a report to an age.</param>
    /// <returns>Whether the state or its reason is another one than before.</returns>
    public bool Report(string dependency, DependencyState state, string? reason, bool isHeartbeat = false)
    {
        lock (_lock)
        {
            var isNew = !_states.TryGetValue(dependency, out var last) || last != (state, reason);
            _states[dependency] = (state, reason);
            foreach (var signal in _signals)
            {
                if (signal.Report(dependency, state, reason, isHeartbeat) is { } exception)
                {
                    events.SignalFailed(dependency, exception);
                }
            }

            return isNew;
        }
    }

    private sealed class Signal(IReadinessSignal signal)
    {
        // The caller is a loop that has to go on: a signal that hangs costs it this once.
        private static readonly TimeSpan LongestReport = TimeSpan.FromSeconds(1);

        private readonly Dictionary<string, (DependencyState State, string? Reason)> _told = new(StringComparer.Ordinal);
        private Thread? _report;
        private Exception? _failure;
        private bool _fails;

        /// <returns>What it threw, the first time in a row, or that it does not return.</returns>
        public Exception? Report(string dependency, DependencyState state, string? reason, bool isHeartbeat)
        {
            // What it has not heard yet it hears after it has returned.
            if (_report is { IsAlive: true } || (!isHeartbeat && _told.TryGetValue(dependency, out var told) && told == (state, reason)))
            {
                return null;
            }

            // A thread apart, which a pool short of threads cannot delay, nor a signal that hangs take from it.
            _report = new Thread(() => _failure = TryReport(dependency, state, reason)) { IsBackground = true };
            _report.UnsafeStart();
            if (!_report.Join(LongestReport))
            {
                return new TimeoutException("The readiness signal does not return.");
            }

            var isFirst = !_fails;
            _fails = _failure is not null;
            return isFirst ? _failure : null;
        }

        private Exception? TryReport(string dependency, DependencyState state, string? reason)
        {
            try
            {
                signal.Report(dependency, state, reason);
                _told[dependency] = (state, reason);
                return null;
            }
            catch (Exception exception)
            {
                return exception;
            }
        }
    }
}

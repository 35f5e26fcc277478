namespace ZeroTrust.Mtls.Diagnostics;

/// <summary>Lets at most so many events pass in a second, so that whoever is refused cannot fill the log.</summary>
internal sealed class EventLimiter(TimeProvider time, int perSecond)
{
    private readonly Lock _lock = new();
    private long _began = time.GetTimestamp();
    private int _passed;
    private long _suppressed;

    /// <summary>Whether the event may be written.</summary>
    /// <param name="suppressed">How many were held back since the last one that passed.</param>
    public bool TryPass(out long suppressed)
    {
        lock (_lock)
        {
            suppressed = 0;
            var now = time.GetTimestamp();
            if (time.GetElapsedTime(_began, now) >= TimeSpan.FromSeconds(1))
            {
                _began = now;
                _passed = 0;
            }

            if (_passed == perSecond)
            {
                _suppressed++;
                return false;
            }

            _passed++;
            (suppressed, _suppressed) = (_suppressed, 0);
            return true;
        }
    }
}

namespace ZeroTrust.AspNetCore.Refusals;

/// <summary>What a client has opened, and whether it may still send on it (RFC 9113 section 5.1).</summary>
internal sealed class Http2Streams
{
    private readonly Dictionary<int, State> _states = [];
    private int _sending;

    private enum State
    {
        Sending = 0,

        // Asked to send no more. What crosses that is no fault.
        Stopped = 1,
        Ended = 2,
    }

    /// <summary>The last stream that was opened; 0 before the first.</summary>
    public int Last { get; private set; }

    /// <summary>Whether the stream cannot have been opened: a client opens odd ones, in ascending order (section 5.1.1).</summary>
    public bool IsIdle(int stream) => stream > Last || stream % 2 == 0;

    /// <summary>Whether the stream was opened, and not passed over.</summary>
    public bool WasOpened(int stream) => _states.ContainsKey(stream);

    /// <summary>Whether the client may still send on the stream.</summary>
    public bool TakesFrames(int stream) => _states.TryGetValue(stream, out var state) && state != State.Ended;

    /// <summary>Takes note of a header block: of a new stream, or of one that it ends as its trailers.</summary>
    public void Open(int stream, bool ends)
    {
        if (stream > Last)
        {
            Last = stream;
            _states[stream] = State.Sending;
            _sending++;
        }

        if (ends)
        {
            End(stream);
        }
    }

    /// <summary>Takes note that the client sends no more on a stream.</summary>
    public void End(int stream)
    {
        if (_states.TryGetValue(stream, out var state))
        {
            _sending -= state == State.Sending ? 1 : 0;
            _states[stream] = State.Ended;
        }
    }

    /// <summary>Takes note that the client is asked to send no more on any stream.</summary>
    /// <returns>Those that it has not ended.</returns>
    public IReadOnlyList<int> Stop()
    {
        if (_sending == 0)
        {
            return [];
        }

        int[] stopped = [.. _states.Where(static stream => stream.Value == State.Sending).Select(static stream => stream.Key)];
        foreach (var stream in stopped)
        {
            _states[stream] = State.Stopped;
        }

        _sending = 0;
        return stopped;
    }
}

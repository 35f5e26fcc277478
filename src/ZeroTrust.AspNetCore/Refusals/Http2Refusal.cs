using System.Net.Security;

namespace ZeroTrust.AspNetCore.Refusals;

/// <summary>
/// Answers one HTTP/2 connection for as long as it asks, and lets it end without losing an answer: uploads are stopped once their answer
/// has had a round trip, then comes a GOAWAY for the streams to come, and the last when the client has closed, or has had its time to.
/// </summary>
/// <remarks>
/// The order is what clients need. curl takes a reset beside the answer for a failure, while it sends (RFC 9113 section 8.1 says that it is
/// none); .NET waits for that reset, and loses the answer when the connection ends beside it; a gRPC channel that is let go while it asks
/// nothing connects again at once, for ever. Every permit that is held meanwhile gives way to whoever wants it.
/// </remarks>
internal sealed class Http2Refusal(
    SslStream stream, CountedInput? wire, RefusalAnswer answer, Memory<byte> buffer, TimeProvider time)
{
    /// <summary>The longest frame, with its header.</summary>
    public const int BufferLength = Http2Frame.HeaderLength + Http2Frame.MaxLength;

    // RFC 9113 section 6.8: what a server that is about to end says first.
    private const int AnyStream = int.MaxValue;

    // Each is counted from a moment, not from the last byte.
    private static readonly TimeSpan AskTime = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan CloseTime = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan SendTime = TimeSpan.FromSeconds(5);

    private readonly Http2Answers _answers = new(answer, wire);
    private readonly long _began = time.GetTimestamp();
    private Stage _stage;
    private TimeSpan _due = AskTime;
    private TimeSpan _latest;
    private Task<int>? _reading;
    private int _length;
    private bool _isHeldBack;

    private enum Stage
    {
        Silent = 0,
        Asking = 1,
        Leaving = 2,
    }

    private TimeSpan Now => time.GetElapsedTime(_began);

    /// <summary>Answers until the peer leaves, has asked nothing more for a round trip, or has asked for enough.</summary>
    /// <returns>The end of the connection, to be sent last; empty when the peer has closed.</returns>
    public async Task<ReadOnlyMemory<byte>> RunAsync(CancellationToken end)
    {
        using var reads = CancellationTokenSource.CreateLinkedTokenSource(end);
        try
        {
            _answers.Output.Settings(Http2Answers.MostOpenStreams);
            while (!_answers.IsOver && !end.IsCancellationRequested)
            {
                if (!_isHeldBack)
                {
                    _reading ??= stream.ReadAsync(buffer[_length..BufferLength], reads.Token).AsTask();
                }

                // What has come already is answered together.
                if (_reading is not { IsCompleted: true })
                {
                    await FlushAsync().ConfigureAwait(false);
                }

                var patience = _due - Now;
                if (patience <= TimeSpan.Zero)
                {
                    if (!TryMoveOn())
                    {
                        break;
                    }

                    continue;
                }

                if (_reading is null)
                {
                    Take();
                    continue;
                }

                await ((Task)_reading).WaitAsync(patience, time, end).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                if (_reading is { IsCompleted: true, IsCanceled: false } && !Take(await _reading.ConfigureAwait(false)))
                {
                    return default;
                }
            }

            if (_answers.Error == Http2Error.None)
            {
                _answers.TryStopSending();
            }

            _answers.Output.GoAway(_answers.LastStream, _answers.Error);
            return _answers.Output.Written;
        }
        finally
        {
            // The buffer is another's after this.
            await reads.CancelAsync().ConfigureAwait(false);
            await ((Task?)_reading ?? Task.CompletedTask).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private bool TryMoveOn()
    {
        var next = Now + ConnectionDrain.RoundTrip;
        if (_stage == Stage.Leaving)
        {
            _answers.TryStopSending();
            _due = next < _latest ? next : _latest;
            return Now < _latest;
        }

        if (Now >= _latest || !_answers.TryStopSending())
        {
            // What crosses it is answered: not every client sends it again.
            _answers.Output.GoAway(AnyStream);
            (_stage, _latest) = (Stage.Leaving, Now + CloseTime);
        }

        _due = next;
        return true;
    }

    private bool Take(int read)
    {
        _reading = null;
        if (read == 0)
        {
            return false;
        }

        _length += read;
        _answers.Received(read);
        Take();
        return true;
    }

    private void Take()
    {
        var answered = _answers.Answered;
        var taken = _answers.Take(buffer.Span[.._length]);
        if (taken > 0)
        {
            buffer.Span[taken.._length].CopyTo(buffer.Span);
            _length -= taken;
        }

        _isHeldBack = _answers.Output.IsFull;
        if (_answers.Answered != answered)
        {
            Answered();
        }
    }

    private void Answered()
    {
        if (_stage == Stage.Silent)
        {
            (_stage, _latest) = (Stage.Asking, Now + AnswerTime);
        }

        if (_stage == Stage.Asking)
        {
            _latest = _answers.Answered <= Http2Answers.MostStreams ? _latest : Now;
            var quiet = Now + ConnectionDrain.RoundTrip;
            _due = quiet < _latest ? quiet : _latest;
        }
    }

    // Not cut short but by its time, for whether it had been sent would not be known.
    private async ValueTask FlushAsync()
    {
        if (!_answers.Output.Written.IsEmpty)
        {
            using var sending = new CancellationTokenSource(SendTime, time);
            await stream.WriteAsync(_answers.Output.Written, sending.Token).ConfigureAwait(false);
            _answers.Output.Clear();
        }
    }
}

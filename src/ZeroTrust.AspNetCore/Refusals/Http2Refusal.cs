using System.Buffers.Binary;
using System.Net.Security;

namespace ZeroTrust.AspNetCore.Refusals;

/// <summary>
/// Answers the streams of one HTTP/2 connection, all alike and each as soon as its header block has ended, and sends GOAWAY a round trip
/// after the first. Nothing is kept of a stream but its number.
/// </summary>
internal sealed class Http2Refusal(SslStream stream, RefusalAnswer answer, Memory<byte> buffer, TimeProvider time)
{
    /// <summary>The longest frame, with its header.</summary>
    public const int BufferLength = Http2Frame.HeaderLength + Http2Frame.MaxLength;

    // What is written stays below what the transport takes without the peer reading it.
    private const int MostStreams = 64;
    private const int MostFrames = 512;

    // A request that is not read fills its window (RFC 9113 section 6.9.2), and its head comes before.
    private const int MostBytes = 128 * 1024;

    private readonly Http2FrameWriter _output = new();
    private readonly List<int> _unfinished = [];
    private int _length;
    private int _read;
    private int _frames;
    private int _lastStream;
    private int _blockOf;
    private bool _isGrpc;
    private bool _isHead;
    private bool _isPrefaced;
    private bool _isOver;
    private long _window = 65_535;

    private static ReadOnlySpan<byte> Preface => "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8;

    /// <summary>Answers until the peer leaves, a round trip after the first answer has passed, or it has asked for enough.</summary>
    /// <returns>The end of the connection, to be sent last; empty when the peer has closed.</returns>
    public async Task<ReadOnlyMemory<byte>> RunAsync(CancellationToken patience)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(patience);
        using var roundTrip = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        using var ended = roundTrip.Token.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), end);
        _output.Settings(MostStreams);
        try
        {
            while (!_isOver)
            {
                await FlushAsync().ConfigureAwait(false);
                var read = await stream.ReadAsync(buffer[_length..BufferLength], end.Token).ConfigureAwait(false);
                if (read == 0)
                {
                    return default;
                }

                _length += read;
                _read += read;
                var answered = _lastStream;
                Consume();
                _isOver |= _read > MostBytes;
                if (answered == 0 && _lastStream != 0)
                {
                    roundTrip.CancelAfter(ConnectionDrain.RoundTrip);
                }
            }
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // It has asked, or has had its time to.
        }

        // Last: curl takes it for a failure while it sends (RFC 9113 section 8.1 says that it is none).
        _unfinished.ForEach(_output.StopSending);
        _output.GoAway(_lastStream);
        return _output.Written;
    }

    // Not cut short: whether it had been sent would not be known.
    private async ValueTask FlushAsync()
    {
        if (!_output.Written.IsEmpty)
        {
            await stream.WriteAsync(_output.Written, CancellationToken.None).ConfigureAwait(false);
            _output.Clear();
        }
    }

    // Takes every whole frame, and keeps the beginning of the next.
    private void Consume()
    {
        var bytes = buffer.Span[.._length];
        if (!_isPrefaced)
        {
            var known = Math.Min(bytes.Length, Preface.Length);
            _isOver = !bytes[..known].SequenceEqual(Preface[..known]);
            if (known < Preface.Length)
            {
                return;
            }

            _isPrefaced = true;
            bytes = bytes[Preface.Length..];
        }

        while (!_isOver && bytes.Length >= Http2Frame.HeaderLength)
        {
            var frame = Http2Frame.Read(bytes);
            _isOver = frame.Length > Http2Frame.MaxLength || ++_frames > MostFrames;
            if (_isOver || bytes.Length < Http2Frame.HeaderLength + frame.Length)
            {
                break;
            }

            Take(frame, bytes.Slice(Http2Frame.HeaderLength, frame.Length));
            bytes = bytes[(Http2Frame.HeaderLength + frame.Length)..];
        }

        bytes.CopyTo(buffer.Span);
        _length = bytes.Length;
    }

    private void Take(Http2Frame frame, ReadOnlySpan<byte> payload)
    {
        switch (frame.Type)
        {
            case Http2FrameType.Headers:
                Open(frame);
                TakeBlock(frame, payload);
                break;
            case Http2FrameType.Continuation:
                TakeBlock(frame, payload);
                break;
            case Http2FrameType.Data when frame.EndsStream:
            case Http2FrameType.ResetStream:
                _unfinished.Remove(frame.Stream);
                break;
            case Http2FrameType.Settings when !frame.IsAcknowledgement:
                TakeSettings(payload);
                break;
            case Http2FrameType.Ping when !frame.IsAcknowledgement:
                _output.AcknowledgePing(payload);
                break;
            case Http2FrameType.GoAway:
                _isOver = true;
                break;
        }
    }

    private void Open(Http2Frame frame)
    {
        if (frame.EndsStream)
        {
            _unfinished.Remove(frame.Stream);
        }
        else if (frame.Stream > _lastStream)
        {
            _unfinished.Add(frame.Stream);
        }
    }

    private void TakeBlock(Http2Frame frame, ReadOnlySpan<byte> block)
    {
        // Names and values that came before are told by a number in the blocks after, so what is gRPC once stays so.
        _isGrpc |= HeaderBlockMarks.IsGrpc(block);
        _isHead = HeaderBlockMarks.IsHead(block) || (_blockOf == frame.Stream && _isHead);
        _blockOf = frame.Stream;
        if (!frame.EndsHeaders || frame.Stream <= _lastStream)
        {
            return;
        }

        _lastStream = frame.Stream;
        _isOver = _lastStream / 2 >= MostStreams;
        if (_isGrpc)
        {
            answer.WriteGrpc(_output, frame.Stream);
        }
        else
        {
            answer.WriteHttp2(_output, frame.Stream, withBody: !_isHead && _window >= answer.BodyLength);
        }
    }

    private void TakeSettings(ReadOnlySpan<byte> settings)
    {
        for (; settings.Length >= Http2Frame.SettingLength; settings = settings[Http2Frame.SettingLength..])
        {
            if (BinaryPrimitives.ReadUInt16BigEndian(settings) == Http2Frame.InitialWindowSize)
            {
                _window = BinaryPrimitives.ReadUInt32BigEndian(settings[2..]);
            }
        }

        _output.AcknowledgeSettings();
    }
}

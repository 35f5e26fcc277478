using System.Buffers.Binary;

namespace ZeroTrust.AspNetCore.Refusals;

/// <summary>
/// Reads the frames of one client of HTTP/2 and writes the answers, all alike and each as soon as its header block has ended. Nothing is
/// kept of a stream but its number and its state. A frame that breaks a rule ends the connection, with the code for it.
/// </summary>
internal sealed class Http2Answers(RefusalAnswer answer, CountedInput? wire)
{
    /// <summary>As many as the server lets a peer have open. An answer frees the place at once.</summary>
    public const int MostOpenStreams = 100;

    /// <summary>After how many the client is told to open no more. As many again as may be open cross that.</summary>
    public const int MostStreams = 1000;

    // What is not content is not held back by a window: the heads of many calls, each with a token in it.
    private const int MostBytes = 1024 * 1024;
    private const int MostFrames = 8 * 1024;

    // A thousand calls of three records each, and what is taken ahead.
    private const int MostOverhead = 96 * 1024;

    private readonly RecordOverhead _overhead = new(wire, MostOverhead);
    private readonly Http2FrameWriter _output = new();
    private readonly Http2Streams _streams = new();
    private int _read;
    private int _frames;
    private int _block;
    private int _blockOf;
    private bool _isGrpc;
    private bool _isHead;
    private bool _isPrefaced;
    private long _streamWindow = Http2Frame.FirstWindow;
    private long _window = Http2Frame.FirstWindow;

    private static ReadOnlySpan<byte> Preface => "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8;

    /// <summary>What is to be sent.</summary>
    public Http2FrameWriter Output => _output;

    /// <summary>The last stream that is answered; 0 before the first.</summary>
    public int LastStream { get; private set; }

    /// <summary>How many streams are answered.</summary>
    public int Answered { get; private set; }

    /// <summary>Whether the client has asked for the end, or for more than it gets.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Why it is over, where the client has broken a rule.</summary>
    public Http2Error Error { get; private set; }

    /// <summary>Asks the client to send no more of the requests that it has not ended.</summary>
    /// <returns>Whether there were any.</returns>
    public bool TryStopSending()
    {
        var stopped = _streams.Stop();
        foreach (var stream in stopped)
        {
            _output.StopSending(stream);
        }

        return stopped.Count > 0;
    }

    /// <summary>Counts what has come.</summary>
    public void Received(int length)
    {
        _read += length;
        _overhead.Add(length);
        IsOver |= _read > MostBytes || _overhead.IsExceeded;
    }

    /// <summary>Takes whole frames, until there are none or the output is full.</summary>
    /// <param name="bytes">What is there.</param>
    /// <returns>How many bytes were taken; the others are the beginning of the next frame, or wait for the output.</returns>
    public int Take(ReadOnlySpan<byte> bytes)
    {
        var rest = bytes;
        if (!_isPrefaced)
        {
            var known = Math.Min(rest.Length, Preface.Length);
            Fail(rest[..known].SequenceEqual(Preface[..known]) ? Http2Error.None : Http2Error.Protocol);
            if (known < Preface.Length)
            {
                return 0;
            }

            _isPrefaced = true;
            rest = rest[Preface.Length..];
        }

        while (!IsOver && !_output.IsFull && rest.Length >= Http2Frame.HeaderLength)
        {
            var frame = Http2Frame.Read(rest);
            Fail(Http2FrameRules.OfHeader(frame, _streams, _block));
            if (IsOver || rest.Length < Http2Frame.HeaderLength + frame.Length)
            {
                break;
            }

            IsOver = ++_frames > MostFrames;
            var payload = rest.Slice(Http2Frame.HeaderLength, frame.Length);
            Fail(Http2FrameRules.OfPayload(frame, payload));
            if (Error != Http2Error.None)
            {
                break;
            }

            Take(frame, payload);
            rest = rest[(Http2Frame.HeaderLength + frame.Length)..];
        }

        return bytes.Length - rest.Length;
    }

    private void Take(Http2Frame frame, ReadOnlySpan<byte> payload)
    {
        switch (frame.Type)
        {
            case Http2FrameType.Headers:
                _streams.Open(frame.Stream, frame.EndsStream);
                TakeBlock(frame, payload);
                break;
            case Http2FrameType.Continuation:
                TakeBlock(frame, payload);
                break;
            case Http2FrameType.Data when frame.EndsStream:
            case Http2FrameType.ResetStream:
                _streams.End(frame.Stream);
                break;
            case Http2FrameType.Settings when !frame.IsAcknowledgement:
                TakeSettings(payload);
                break;
            case Http2FrameType.WindowUpdate when frame.Stream == 0:
                _window += Http2FrameRules.IncrementOf(payload);
                Fail(_window > int.MaxValue ? Http2Error.FlowControl : Http2Error.None);
                break;
            case Http2FrameType.Ping when !frame.IsAcknowledgement:
                _output.AcknowledgePing(payload);
                break;
            case Http2FrameType.GoAway:
                IsOver = true;
                break;
        }
    }

    private void Fail(Http2Error error)
    {
        if (error != Http2Error.None)
        {
            (Error, IsOver) = (error, true);
        }
    }

    private void TakeBlock(Http2Frame frame, ReadOnlySpan<byte> block)
    {
        // Names and values that came before are told by a number in the blocks after, so what is gRPC once stays so.
        _isGrpc |= HeaderBlockMarks.IsGrpc(block);
        _isHead = HeaderBlockMarks.IsHead(block) || (_blockOf == frame.Stream && _isHead);
        _blockOf = frame.Stream;
        _block = frame.EndsHeaders ? 0 : frame.Stream;
        if (frame.EndsHeaders && frame.Stream > LastStream)
        {
            LastStream = frame.Stream;
            IsOver |= ++Answered >= MostStreams + MostOpenStreams;
            Answer(frame.Stream);
        }
    }

    private void Answer(int stream)
    {
        if (_isGrpc)
        {
            answer.WriteGrpc(_output, stream);
        }
        else if (_isHead)
        {
            answer.WriteHttp2ToHead(_output, stream);
        }
        else if (Math.Min(_window, _streamWindow) < answer.BodyLength)
        {
            answer.WriteHttp2WithoutBody(_output, stream);
        }
        else
        {
            _window -= answer.BodyLength;
            answer.WriteHttp2(_output, stream);
        }
    }

    private void TakeSettings(ReadOnlySpan<byte> settings)
    {
        for (; settings.Length >= Http2Frame.SettingLength; settings = settings[Http2Frame.SettingLength..])
        {
            if (BinaryPrimitives.ReadUInt16BigEndian(settings) == Http2Frame.InitialWindowSize)
            {
                _streamWindow = BinaryPrimitives.ReadUInt32BigEndian(settings[2..]);
            }
        }

        _output.AcknowledgeSettings();
    }
}

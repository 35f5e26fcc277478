using System.Buffers.Binary;
using ZeroTrust.AspNetCore.Refusals;

namespace ZeroTrust.AspNetCore.Tests.Refusals;

/// <summary>What a refused client of HTTP/2 may send, to the byte, and what it is sent behind its answers.</summary>
public sealed class Http2AnswersTests
{
    private const int MostFrames = 8192;
    private const int MostBytes = 1024 * 1024;

    // GET / with indexed fields (RFC 7541 appendix A).
    private static readonly byte[] Get = [0x82, 0x84, 0x87];

    private readonly Http2Answers _answers = new(Refused(), wire: null);
    private readonly List<(Http2FrameType Type, int Stream)> _sent = [];

    private static ReadOnlySpan<byte> Preface => "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8;

    [Theory]
    [InlineData(MostFrames, false)]
    [InlineData(MostFrames + 1, true)]
    public void Frames_are_counted(int frames, bool isOver)
    {
        byte[] sent = [.. Preface, .. Enumerable.Repeat(Frame(Http2FrameType.WindowUpdate, 0, 0, [0, 0, 0, 1]), frames).SelectMany(f => f)];

        Take(sent);

        Assert.Equal(isOver, _answers.IsOver);
    }

    [Theory]
    [InlineData(MostBytes, false)]
    [InlineData(MostBytes + 1, true)]
    public void Bytes_are_counted(int bytes, bool isOver)
    {
        byte[] asked = [.. Preface, .. Frame(Http2FrameType.Headers, Http2Frame.EndHeaders, 1, Get)];
        Take(asked);
        var rest = bytes - asked.Length;
        while (rest > 0 && !_answers.IsOver)
        {
            // Content of one request, as it comes: the last frame is cut.
            var frame = Frame(Http2FrameType.Data, 0, 1, new byte[Http2Frame.MaxLength]);
            var part = frame.AsSpan(0, Math.Min(rest, frame.Length));
            Take(part);
            rest -= part.Length;
        }

        Assert.Equal(isOver, _answers.IsOver);
    }

    [Theory]
    [InlineData(Http2Frame.MaxLength, false)]
    [InlineData(Http2Frame.MaxLength + 1, true)]
    public void A_frame_has_a_longest_length(int length, bool isOver)
    {
        Take(Preface);

        Take(Frame(Http2FrameType.Headers, 0, 1, new byte[length]).AsSpan(0, Http2Frame.HeaderLength));

        Assert.Equal(isOver, _answers.IsOver);
    }

    [Theory]
    [InlineData("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", false)]
    [InlineData("PRI * HTTP/2.0\r\n\r\nSM", false)]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\n\r\n", true)]
    [InlineData("PRI * HTTP/2.0\r\n\r\nSM\r\n\r ", true)]
    public void What_does_not_begin_as_HTTP_2_is_over(string preface, bool isOver)
    {
        Take(System.Text.Encoding.ASCII.GetBytes(preface));

        Assert.Equal(isOver, _answers.IsOver);
    }

    [Fact]
    public void A_client_that_says_goodbye_is_over()
    {
        Take([.. Preface, .. Frame(Http2FrameType.GoAway, 0, 0, new byte[8])]);

        Assert.True(_answers.IsOver);
    }

    [Fact]
    public void A_request_that_is_not_ended_is_answered_first_and_reset_when_asked()
    {
        Take([.. Preface, .. Frame(Http2FrameType.Headers, Http2Frame.EndHeaders, 1, Get)]);
        Assert.Equal([(Http2FrameType.Headers, 1), (Http2FrameType.Data, 1)], Sent());

        Assert.True(_answers.TryStopSending());

        Assert.Equal([(Http2FrameType.ResetStream, 1)], Sent());
        Assert.False(_answers.TryStopSending());
        Assert.Empty(Sent());
    }

    [Theory]
    [InlineData("head")]
    [InlineData("content")]
    [InlineData("trailers")]
    [InlineData("reset")]
    public void A_request_that_is_ended_is_not_reset(string by)
    {
        var flags = by == "head" ? Http2Frame.EndHeaders | Http2Frame.EndStream : Http2Frame.EndHeaders;
        Take([.. Preface, .. Frame(Http2FrameType.Headers, (byte)flags, 1, Get)]);
        Take(by switch
        {
            "content" => Frame(Http2FrameType.Data, Http2Frame.EndStream, 1, new byte[3]),
            "trailers" => Frame(Http2FrameType.Headers, Http2Frame.EndHeaders | Http2Frame.EndStream, 1, Get),
            "reset" => Frame(Http2FrameType.ResetStream, 0, 1, new byte[4]),
            _ => [],
        });
        Assert.Equal([(Http2FrameType.Headers, 1), (Http2FrameType.Data, 1)], Sent());

        Assert.False(_answers.TryStopSending());

        Assert.Empty(Sent());
    }

    [Fact]
    public void Contents_beyond_the_connections_window_are_left_out_and_promised_to_none()
    {
        Take(Preface);
        var length = 0;
        var answers = 0;
        for (var stream = 1; length < Http2Frame.FirstWindow; stream += 2)
        {
            Take(Frame(Http2FrameType.Headers, Http2Frame.EndHeaders | Http2Frame.EndStream, stream, Get));
            if (Sent().Count == 1)
            {
                break;
            }

            answers++;
            length = answers * ContentLength();
        }

        Assert.InRange(length, Http2Frame.FirstWindow - ContentLength() + 1, Http2Frame.FirstWindow);
        Take(Frame(Http2FrameType.WindowUpdate, 0, 0, [0, 0, 1, 0]));
        Take(Frame(Http2FrameType.Headers, Http2Frame.EndHeaders | Http2Frame.EndStream, 9999, Get));
        Assert.Equal([(Http2FrameType.Headers, 9999), (Http2FrameType.Data, 9999)], Sent());
    }

    private static int ContentLength() => Refused().BodyLength;

    private static RefusalAnswer Refused() =>
        new(new Rejection("mtls.peer_not_listed", string.Empty, RejectionKind.Forbidden), DateTimeOffset.UnixEpoch);

    private static byte[] Frame(Http2FrameType type, byte flags, int stream, byte[] payload)
    {
        var frame = new byte[Http2Frame.HeaderLength + payload.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, payload.Length << 8);
        (frame[3], frame[4]) = ((byte)type, flags);
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(5), stream);
        payload.CopyTo(frame, Http2Frame.HeaderLength);
        return frame;
    }

    /// <summary>The output holds so much only, and is sent before more is taken.</summary>
    private void Take(ReadOnlySpan<byte> bytes)
    {
        _answers.Received(bytes.Length);
        int taken;
        do
        {
            taken = _answers.Take(bytes);
            bytes = bytes[taken..];
            Send();
        }
        while (taken > 0 && !bytes.IsEmpty);
    }

    private List<(Http2FrameType Type, int Stream)> Sent()
    {
        Send();
        var frames = _sent.ToList();
        _sent.Clear();
        return frames;
    }

    private void Send()
    {
        for (var rest = _answers.Output.Written.Span; rest.Length > 0;)
        {
            var frame = Http2Frame.Read(rest);
            _sent.Add((frame.Type, frame.Stream));
            rest = rest[(Http2Frame.HeaderLength + frame.Length)..];
        }

        _answers.Output.Clear();
    }
}

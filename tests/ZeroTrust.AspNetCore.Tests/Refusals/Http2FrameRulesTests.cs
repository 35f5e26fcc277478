using System.Buffers.Binary;
using System.Net.Security;
using ZeroTrust.AspNetCore.Refusals;

namespace ZeroTrust.AspNetCore.Tests.Refusals;

/// <summary>Which frames of a refused client end its connection, and by which code of RFC 9113 section 7.</summary>
public sealed class Http2FrameRulesTests
{
    private const int Protocol = 1;
    private const int FlowControl = 3;
    private const int StreamClosed = 5;
    private const int FrameSize = 6;

    // GET / with indexed fields (RFC 7541 appendix A).
    private const string Get = "828487";

    // Each frame is type, flags, stream and payload.
    private static readonly Dictionary<string, (int Error, string[] Frames)> Faults = new(StringComparer.Ordinal)
    {
        ["HEADERS on stream 0"] = (Protocol, ["1 5 0 " + Get]),
        ["HEADERS on an even stream"] = (Protocol, ["1 5 2 " + Get]),
        ["HEADERS on a stream that was passed over"] = (Protocol, ["1 5 5 " + Get, "1 5 3 " + Get]),
        ["HEADERS on a stream that is ended"] = (StreamClosed, ["1 5 1 " + Get, "1 5 1 " + Get]),
        ["HEADERS shorter than their padding"] = (Protocol, ["1 d 1 ff" + Get]),
        ["HEADERS shorter than their priority"] = (FrameSize, ["1 25 1 000000"]),
        ["HEADERS padded, and empty"] = (FrameSize, ["1 d 1 "]),
        ["HEADERS within a block"] = (Protocol, ["1 1 1 82", "1 5 3 " + Get]),
        ["PING within a block"] = (Protocol, ["1 1 1 82", "6 0 0 0000000000000000"]),
        ["a frame of another type within a block"] = (Protocol, ["1 1 1 82", "63 0 1 00"]),
        ["CONTINUATION without a block"] = (Protocol, ["9 4 1 " + Get]),
        ["CONTINUATION behind a block"] = (Protocol, ["1 5 1 " + Get, "9 4 1 " + Get]),
        ["CONTINUATION of another stream"] = (Protocol, ["1 1 1 82", "9 4 3 8487"]),
        ["DATA on stream 0"] = (Protocol, ["0 0 0 00"]),
        ["DATA on a stream that is not open"] = (Protocol, ["0 0 1 00"]),
        ["DATA on an even stream"] = (Protocol, ["1 4 3 " + Get, "0 0 2 00"]),
        ["DATA on a stream that is ended"] = (StreamClosed, ["1 5 1 " + Get, "0 1 1 00"]),
        ["DATA on a stream that is reset"] = (StreamClosed, ["1 4 1 " + Get, "3 0 1 00000008", "0 1 1 00"]),
        ["DATA shorter than its padding"] = (Protocol, ["1 4 1 " + Get, "0 8 1 0500"]),
        ["DATA padded, and empty"] = (FrameSize, ["1 4 1 " + Get, "0 8 1 "]),
        ["PRIORITY on stream 0"] = (Protocol, ["2 0 0 0000000000"]),
        ["PRIORITY of another length"] = (FrameSize, ["2 0 1 0000"]),
        ["RST_STREAM on stream 0"] = (Protocol, ["3 0 0 00000000"]),
        ["RST_STREAM on a stream that is not open"] = (Protocol, ["3 0 1 00000000"]),
        ["RST_STREAM of another length"] = (FrameSize, ["1 4 1 " + Get, "3 0 1 000000"]),
        ["SETTINGS on a stream"] = (Protocol, ["4 0 1 "]),
        ["SETTINGS of another length"] = (FrameSize, ["4 0 0 000300"]),
        ["SETTINGS acknowledged with more"] = (FrameSize, ["4 1 0 000300000001"]),
        ["SETTINGS_ENABLE_PUSH of 2"] = (Protocol, ["4 0 0 000200000002"]),
        ["SETTINGS_INITIAL_WINDOW_SIZE of 2^31"] = (FlowControl, ["4 0 0 000480000000"]),
        ["SETTINGS_MAX_FRAME_SIZE of 1"] = (Protocol, ["4 0 0 000500000001"]),
        ["SETTINGS_MAX_FRAME_SIZE of 2^24"] = (Protocol, ["4 0 0 000501000000"]),
        ["PUSH_PROMISE"] = (Protocol, ["1 4 1 " + Get, "5 4 1 00000002" + Get]),
        ["PING on a stream"] = (Protocol, ["6 0 1 0000000000000000"]),
        ["PING of another length"] = (FrameSize, ["6 0 0 000000"]),
        ["GOAWAY on a stream"] = (Protocol, ["7 0 1 0000000000000000"]),
        ["GOAWAY that is too short"] = (FrameSize, ["7 0 0 00000000"]),
        ["WINDOW_UPDATE of 0"] = (Protocol, ["8 0 0 00000000"]),
        ["WINDOW_UPDATE of 0 on a stream"] = (Protocol, ["1 4 1 " + Get, "8 0 1 80000000"]),
        ["WINDOW_UPDATE on a stream that is not open"] = (Protocol, ["8 0 1 00000001"]),
        ["WINDOW_UPDATE of another length"] = (FrameSize, ["8 0 0 0001"]),
        ["WINDOW_UPDATE beyond every window"] = (FlowControl, ["8 0 0 7fffffff", "8 0 0 7fffffff"]),
    };

    private static readonly Dictionary<string, string[]> Rightful = new(StringComparer.Ordinal)
    {
        ["padding"] = ["1 d 1 03" + Get + "000000"],
        ["priority"] = ["1 25 1 0000000000" + Get],
        ["a block in parts"] = ["1 1 1 82", "9 0 1 84", "9 4 1 87"],
        ["trailers"] = ["1 4 1 " + Get, "0 0 1 00", "1 5 1 " + Get],
        ["padded content"] = ["1 4 1 " + Get, "0 9 1 020000"],
        ["empty content"] = ["1 4 1 " + Get, "0 1 1 "],
        ["streams passed over"] = ["1 5 5 " + Get],
        ["PRIORITY of a stream that is not open"] = ["2 0 7 0000000010", "1 5 1 " + Get],
        ["a frame of another type"] = ["63 ff 7 00", "1 5 1 " + Get],
        ["RST_STREAM of a stream that is ended"] = ["1 5 1 " + Get, "3 0 1 00000008"],
        ["WINDOW_UPDATE of a stream that is ended"] = ["1 5 1 " + Get, "8 0 1 00000001"],
        ["the largest settings"] = ["4 0 0 00020000000100047fffffff000500ffffff", "1 5 1 " + Get],
        ["the largest window"] = ["8 0 0 7fff0000", "1 5 1 " + Get],
        ["settings acknowledged"] = ["4 1 0 ", "1 5 1 " + Get],
    };

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static TheoryData<string> FaultNames => [.. Faults.Keys];

    public static TheoryData<string> RightfulNames => [.. Rightful.Keys];

    [Theory]
    [MemberData(nameof(FaultNames))]
    public async Task A_frame_that_breaks_a_rule_ends_the_connection_with_the_code_for_it(string fault)
    {
        await using var peer = await AnsweredPeer.OpenAsync(SslApplicationProtocol.Http2);
        await peer.BeginAsync();

        await peer.Stream.WriteAsync(Faults[fault].Frames.SelectMany(Frame).ToArray(), Cancelled);

        var (goodbye, before) = await peer.ReadToAsync(Http2FrameType.GoAway);
        Assert.Equal(Faults[fault].Error, BinaryPrimitives.ReadInt32BigEndian(goodbye.AsSpan(4)));
        Assert.DoesNotContain(before, static frame => frame.Type == Http2FrameType.ResetStream);
        Assert.Null(await peer.ReadAsync());
    }

    [Fact]
    public async Task So_does_one_whose_payload_does_not_come()
    {
        await using var peer = await AnsweredPeer.OpenAsync(SslApplicationProtocol.Http2);
        await peer.BeginAsync();

        await peer.Stream.WriteAsync((byte[])[0, 0x40, 1, 6, 0, 0, 0, 0, 0], Cancelled);

        Assert.Equal(FrameSize, BinaryPrimitives.ReadInt32BigEndian((await peer.ReadToAsync(Http2FrameType.GoAway)).Payload.AsSpan(4)));
    }

    [Fact]
    public async Task And_what_does_not_begin_as_HTTP_2()
    {
        await using var peer = await AnsweredPeer.OpenAsync(SslApplicationProtocol.Http2);

        await peer.Stream.WriteAsync("GET / HTTP/1.1\r\nHost: a\r\n\r\n"u8.ToArray(), Cancelled);

        Assert.Equal(Protocol, BinaryPrimitives.ReadInt32BigEndian((await peer.ReadToAsync(Http2FrameType.GoAway)).Payload.AsSpan(4)));
    }

    [Theory]
    [MemberData(nameof(RightfulNames))]
    public async Task A_frame_that_breaks_none_is_answered(string name)
    {
        await using var peer = await AnsweredPeer.OpenAsync(SslApplicationProtocol.Http2);
        await peer.BeginAsync();

        await peer.Stream.WriteAsync(Rightful[name].SelectMany(Frame).ToArray(), Cancelled);
        await peer.PingAsync();

        Assert.Contains(
            (await peer.ReadToAsync(Http2FrameType.Ping)).Before, static frame => frame.Type == Http2FrameType.Headers);
    }

    [Fact]
    public async Task What_crosses_the_wish_to_send_no_more_is_no_fault()
    {
        await using var peer = await AnsweredPeer.OpenAsync(SslApplicationProtocol.Http2);
        await peer.AskAsync(1, ends: false);
        await peer.ReadToAsync(Http2FrameType.Data);
        await peer.Time.SetAsync(ConnectionDrain.RoundTrip);
        peer.Time.Advance(ConnectionDrain.RoundTrip);
        await peer.ReadToAsync(Http2FrameType.ResetStream);

        await peer.Stream.WriteAsync(((string[])["0 0 1 00", "0 1 1 00"]).SelectMany(Frame).ToArray(), Cancelled);
        await peer.PingAsync();

        Assert.DoesNotContain(
            (await peer.ReadToAsync(Http2FrameType.Ping)).Before, static frame => frame.Type == Http2FrameType.GoAway);
    }

    private static byte[] Frame(string text)
    {
        var parts = text.Split(' ');
        var payload = Convert.FromHexString(parts[3]);
        var frame = new byte[Http2Frame.HeaderLength + payload.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, payload.Length << 8);
        (frame[3], frame[4]) = (Convert.ToByte(parts[0], 16), Convert.ToByte(parts[1], 16));
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(5), Convert.ToInt32(parts[2], 16));
        payload.CopyTo(frame, Http2Frame.HeaderLength);
        return frame;
    }
}

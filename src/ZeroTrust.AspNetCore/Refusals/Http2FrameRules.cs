using System.Buffers.Binary;

namespace ZeroTrust.AspNetCore.Refusals;

/// <summary>
/// What is wrong with a frame (RFC 9113 sections 4.2, 5.1 and 6). Each fault ends the connection, also where the standard would be content
/// with the end of the stream (section 5.4.1). Header blocks are not decoded, so that of their faults none is known.
/// </summary>
internal static class Http2FrameRules
{
    private const int PriorityLength = 5;
    private const int LongestFrame = 0xff_ffff;

    /// <summary>What the header of a frame shows, before its payload has come.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="streams">The streams before it.</param>
    /// <param name="block">The stream whose header block is not complete; 0 where none is.</param>
    public static Http2Error OfHeader(Http2Frame frame, Http2Streams streams, int block)
    {
        if (frame.Length > Http2Frame.MaxLength)
        {
            return Http2Error.FrameSize;
        }

        // Section 6.10: nothing comes between the parts of a block.
        if (block == 0 ? frame.Type == Http2FrameType.Continuation : frame.Type != Http2FrameType.Continuation || frame.Stream != block)
        {
            return Http2Error.Protocol;
        }

        var error = OfStream(frame, streams);
        return error == Http2Error.None && !HasLength(frame) ? Http2Error.FrameSize : error;
    }

    /// <summary>What the payload of a frame shows whose header is as it should be.</summary>
    public static Http2Error OfPayload(Http2Frame frame, ReadOnlySpan<byte> payload) => frame.Type switch
    {
        Http2FrameType.Data when frame.IsPadded => IsWithin(payload[0], payload.Length - 1),
        Http2FrameType.Headers when frame.IsPadded => IsWithin(payload[0], payload.Length - 1 - (frame.HasPriority ? PriorityLength : 0)),
        Http2FrameType.Settings => OfSettings(payload),
        Http2FrameType.WindowUpdate => IncrementOf(payload) == 0 ? Http2Error.Protocol : Http2Error.None,
        _ => Http2Error.None,
    };

    /// <summary>By how much a window opens (section 6.9).</summary>
    public static int IncrementOf(ReadOnlySpan<byte> payload) => (int)(BinaryPrimitives.ReadUInt32BigEndian(payload) & int.MaxValue);

    private static Http2Error OfStream(Http2Frame frame, Http2Streams streams)
    {
        var isIdle = streams.IsIdle(frame.Stream);
        return frame.Type switch
        {
            Http2FrameType.Data when isIdle => Http2Error.Protocol,
            Http2FrameType.Data => streams.TakesFrames(frame.Stream) ? Http2Error.None : Http2Error.StreamClosed,
            Http2FrameType.Headers => OfHeaders(frame.Stream, streams),
            Http2FrameType.Priority => frame.Stream == 0 ? Http2Error.Protocol : Http2Error.None,
            Http2FrameType.ResetStream => isIdle ? Http2Error.Protocol : Http2Error.None,
            Http2FrameType.WindowUpdate => frame.Stream != 0 && isIdle ? Http2Error.Protocol : Http2Error.None,
            Http2FrameType.Settings or Http2FrameType.Ping or Http2FrameType.GoAway =>
                frame.Stream == 0 ? Http2Error.None : Http2Error.Protocol,

            // Section 8.4: a client has none to make.
            Http2FrameType.PushPromise => Http2Error.Protocol,
            _ => Http2Error.None,
        };
    }

    private static Http2Error OfHeaders(int stream, Http2Streams streams) =>
        stream % 2 == 0 ? Http2Error.Protocol
        : stream > streams.Last || streams.TakesFrames(stream) ? Http2Error.None
        : streams.WasOpened(stream) ? Http2Error.StreamClosed
        : Http2Error.Protocol;

    private static bool HasLength(Http2Frame frame) => frame.Type switch
    {
        Http2FrameType.Data => frame.Length >= (frame.IsPadded ? 1 : 0),
        Http2FrameType.Headers => frame.Length >= (frame.IsPadded ? 1 : 0) + (frame.HasPriority ? PriorityLength : 0),
        Http2FrameType.Priority => frame.Length == PriorityLength,
        Http2FrameType.ResetStream or Http2FrameType.WindowUpdate => frame.Length == sizeof(uint),
        Http2FrameType.Settings => frame.IsAcknowledgement ? frame.Length == 0 : frame.Length % Http2Frame.SettingLength == 0,
        Http2FrameType.Ping => frame.Length == sizeof(ulong),
        Http2FrameType.GoAway => frame.Length >= sizeof(ulong),
        _ => true,
    };

    private static Http2Error IsWithin(int padding, int rest) => padding > rest ? Http2Error.Protocol : Http2Error.None;

    private static Http2Error OfSettings(ReadOnlySpan<byte> settings)
    {
        for (; settings.Length >= Http2Frame.SettingLength; settings = settings[Http2Frame.SettingLength..])
        {
            var value = BinaryPrimitives.ReadUInt32BigEndian(settings[2..]);
            var error = BinaryPrimitives.ReadUInt16BigEndian(settings) switch
            {
                Http2Frame.EnablePush => value > 1 ? Http2Error.Protocol : Http2Error.None,
                Http2Frame.InitialWindowSize => value > int.MaxValue ? Http2Error.FlowControl : Http2Error.None,
                Http2Frame.MaxFrameSize => value is < Http2Frame.MaxLength or > LongestFrame ? Http2Error.Protocol : Http2Error.None,
                _ => Http2Error.None,
            };
            if (error != Http2Error.None)
            {
                return error;
            }
        }

        return Http2Error.None;
    }
}

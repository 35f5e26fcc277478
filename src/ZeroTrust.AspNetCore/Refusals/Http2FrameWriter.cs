using System.Buffers;
using System.Buffers.Binary;

namespace ZeroTrust.AspNetCore.Refusals;

/// <summary>The frames of HTTP/2 (RFC 9113 section 6) that an answer needs, gathered until they are sent.</summary>
internal sealed class Http2FrameWriter
{
    // A record of TLS: fewer cost more to send, and more are kept for a peer that may read nothing.
    private const int MostGathered = 16 * 1024;

    private readonly ArrayBufferWriter<byte> _bytes = new();

    /// <summary>Whether it is to be sent before there is more.</summary>
    public bool IsFull => _bytes.WrittenCount >= MostGathered;

    public ReadOnlyMemory<byte> Written => _bytes.WrittenMemory;

    public void Clear() => _bytes.ResetWrittenCount();

    /// <summary>
    /// The server's preface: how many streams the client may have open, and that one may ask for a WebSocket (RFC 8441 section 3), which it
    /// would else not try.
    /// </summary>
    public void Settings(int mostStreams)
    {
        Span<byte> settings = stackalloc byte[2 * Http2Frame.SettingLength];
        BinaryPrimitives.WriteUInt16BigEndian(settings, Http2Frame.MaxConcurrentStreams);
        BinaryPrimitives.WriteInt32BigEndian(settings[2..], mostStreams);
        BinaryPrimitives.WriteUInt16BigEndian(settings[Http2Frame.SettingLength..], Http2Frame.EnableConnectProtocol);
        BinaryPrimitives.WriteInt32BigEndian(settings[(Http2Frame.SettingLength + 2)..], 1);
        Write(Http2FrameType.Settings, flags: 0, stream: 0, settings);
    }

    public void AcknowledgeSettings() => Write(Http2FrameType.Settings, Http2Frame.Acknowledged, stream: 0, []);

    public void AcknowledgePing(ReadOnlySpan<byte> data) => Write(Http2FrameType.Ping, Http2Frame.Acknowledged, stream: 0, data);

    /// <param name="stream">The stream.</param>
    /// <param name="block">The whole block, of <see cref="HeaderBlock"/>.</param>
    /// <param name="endsStream">Whether no content follows.</param>
    public void Headers(int stream, ReadOnlySpan<byte> block, bool endsStream)
    {
        var flags = endsStream ? Http2Frame.EndHeaders | Http2Frame.EndStream : Http2Frame.EndHeaders;
        Write(Http2FrameType.Headers, (byte)flags, stream, block);
    }

    /// <summary>The whole content of a stream.</summary>
    public void Data(int stream, ReadOnlySpan<byte> content) => Write(Http2FrameType.Data, Http2Frame.EndStream, stream, content);

    /// <summary>Asks the client to send no more of a request that is answered (RFC 9113 section 8.1).</summary>
    public void StopSending(int stream) => Write(Http2FrameType.ResetStream, flags: 0, stream, [0, 0, 0, 0]);

    public void GoAway(int lastStream, Http2Error error = Http2Error.None)
    {
        Span<byte> payload = stackalloc byte[8];
        payload.Clear();
        BinaryPrimitives.WriteInt32BigEndian(payload, lastStream);
        BinaryPrimitives.WriteInt32BigEndian(payload[sizeof(int)..], (int)error);
        Write(Http2FrameType.GoAway, flags: 0, stream: 0, payload);
    }

    private void Write(Http2FrameType type, byte flags, int stream, ReadOnlySpan<byte> payload)
    {
        Span<byte> header = stackalloc byte[Http2Frame.HeaderLength];
        BinaryPrimitives.WriteInt32BigEndian(header, payload.Length << 8);
        header[3] = (byte)type;
        header[4] = flags;
        BinaryPrimitives.WriteInt32BigEndian(header[5..], stream);
        _bytes.Write(header);
        _bytes.Write(payload);
    }
}

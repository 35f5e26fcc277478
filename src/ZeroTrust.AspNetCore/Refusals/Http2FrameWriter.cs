using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace ZeroTrust.AspNetCore.Refusals;

/// <summary>The frames of HTTP/2 (RFC 9113 section 6) that an answer needs, gathered until they are sent.</summary>
internal sealed class Http2FrameWriter
{
    // RFC 7541 section 6.2.2: a literal that is not indexed, with a new name. Section 5.1: lengths have a prefix of 7 bits.
    private const byte LiteralWithNewName = 0;
    private const int LengthPrefix = 0x7f;

    private readonly ArrayBufferWriter<byte> _bytes = new();

    public ReadOnlyMemory<byte> Written => _bytes.WrittenMemory;

    public void Clear() => _bytes.ResetWrittenCount();

    /// <summary>The server's preface: how many streams the client may have open.</summary>
    public void Settings(int mostStreams)
    {
        Span<byte> setting = stackalloc byte[6];
        BinaryPrimitives.WriteUInt16BigEndian(setting, Http2Frame.MaxConcurrentStreams);
        BinaryPrimitives.WriteInt32BigEndian(setting[2..], mostStreams);
        Write(Http2FrameType.Settings, flags: 0, stream: 0, setting);
    }

    public void AcknowledgeSettings() => Write(Http2FrameType.Settings, Http2Frame.Acknowledged, stream: 0, []);

    public void AcknowledgePing(ReadOnlySpan<byte> data) => Write(Http2FrameType.Ping, Http2Frame.Acknowledged, stream: 0, data);

    public void Headers(int stream, int status, IEnumerable<KeyValuePair<string, string>> headers, bool endsStream)
    {
        var block = new ArrayBufferWriter<byte>();
        Literal(block, ":status", status.ToString(CultureInfo.InvariantCulture));
        foreach (var (name, value) in headers)
        {
            Literal(block, name, value);
        }

        var flags = endsStream ? Http2Frame.EndHeaders | Http2Frame.EndStream : Http2Frame.EndHeaders;
        Write(Http2FrameType.Headers, (byte)flags, stream, block.WrittenSpan);
    }

    /// <summary>The whole content of a stream.</summary>
    public void Data(int stream, ReadOnlySpan<byte> content) => Write(Http2FrameType.Data, Http2Frame.EndStream, stream, content);

    /// <summary>Asks the client to send no more of a request that is answered (RFC 9113 section 8.1).</summary>
    public void StopSending(int stream) => Write(Http2FrameType.ResetStream, flags: 0, stream, [0, 0, 0, 0]);

    public void GoAway(int lastStream)
    {
        Span<byte> payload = stackalloc byte[8];
        payload.Clear();
        BinaryPrimitives.WriteInt32BigEndian(payload, lastStream);
        Write(Http2FrameType.GoAway, flags: 0, stream: 0, payload);
    }

    private static void Literal(ArrayBufferWriter<byte> block, string name, string value)
    {
        block.Write((ReadOnlySpan<byte>)[LiteralWithNewName]);
        Text(block, name);
        Text(block, value);
    }

    private static void Text(ArrayBufferWriter<byte> block, string text)
    {
        var rest = text.Length - LengthPrefix;
        if (rest < 0)
        {
            block.Write((ReadOnlySpan<byte>)[(byte)text.Length]);
        }
        else
        {
            block.Write((ReadOnlySpan<byte>)[LengthPrefix]);
            for (; rest >= 0x80; rest >>= 7)
            {
                block.Write((ReadOnlySpan<byte>)[(byte)((rest & 0x7f) | 0x80)]);
            }

            block.Write((ReadOnlySpan<byte>)[(byte)rest]);
        }

        Encoding.ASCII.GetBytes(text, block);
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

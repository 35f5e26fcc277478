using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;

namespace ZeroTrust.HealthChecks.Tests.Infrastructure;

/// <summary>A client that speaks bare HTTP/2 frames (RFC 9113), so that a test sees GOAWAY itself and its place among the other frames.</summary>
internal sealed class RawHttp2 : IDisposable
{
    public const byte Headers = 1;
    public const byte Settings = 4;
    public const byte GoAway = 7;

    private const byte EndStream = 0x1;
    private const byte Ack = 0x1;
    private const byte EndHeaders = 0x4;

    private readonly NetworkStream _stream;
    private readonly TcpClient _tcp;

    private RawHttp2(TcpClient tcp)
    {
        _tcp = tcp;
        _stream = tcp.GetStream();
    }

    public static async Task<RawHttp2> ConnectAsync(Uri address, CancellationToken cancellationToken)
    {
        var tcp = new TcpClient { NoDelay = true };
        await tcp.ConnectAsync(address.Host, address.Port, cancellationToken);
        var client = new RawHttp2(tcp);
        await client._stream.WriteAsync("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8.ToArray(), cancellationToken);
        await client.WriteFrameAsync(Settings, flags: 0, stream: 0, [], cancellationToken);
        return client;
    }

    /// <summary>Opens a stream with a GET that ends at once.</summary>
    public Task GetAsync(int stream, string path, CancellationToken cancellationToken)
    {
        // HPACK (RFC 7541): indexed :method GET, :scheme http; literal :path and :authority by indexed name, no Huffman.
        var host = "test"u8.ToArray();
        var text = Encoding.ASCII.GetBytes(path);
        byte[] block = [0x82, 0x86, 0x04, (byte)text.Length, .. text, 0x01, (byte)host.Length, .. host];
        return WriteFrameAsync(Headers, EndStream | EndHeaders, stream, block, cancellationToken);
    }

    /// <summary>Reads frames until the connection ends or the condition holds; acknowledges settings.</summary>
    public async Task<List<Frame>> ReadUntilAsync(Func<Frame, bool> isLast, CancellationToken cancellationToken)
    {
        var frames = new List<Frame>();
        var head = new byte[9];
        while (await _stream.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancellationToken) == head.Length)
        {
            var payload = new byte[(head[0] << 16) | (head[1] << 8) | head[2]];
            await _stream.ReadExactlyAsync(payload, cancellationToken);
            var frame = new Frame(head[3], head[4], BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(5)) & int.MaxValue, payload);
            if (frame is { Type: Settings, Flags: 0 })
            {
                await WriteFrameAsync(Settings, Ack, stream: 0, [], cancellationToken);
            }

            frames.Add(frame);
            if (isLast(frame))
            {
                break;
            }
        }

        return frames;
    }

    public void Dispose()
    {
        _stream.Dispose();
        _tcp.Dispose();
    }

    private async Task WriteFrameAsync(byte type, byte flags, int stream, byte[] payload, CancellationToken cancellationToken)
    {
        var frame = new byte[9 + payload.Length];
        frame[1] = (byte)(payload.Length >> 8);
        frame[2] = (byte)payload.Length;
        frame[3] = type;
        frame[4] = flags;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(5), stream);
        payload.CopyTo(frame.AsSpan(9));
        await _stream.WriteAsync(frame, cancellationToken);
    }

    internal sealed record Frame(byte Type, byte Flags, int Stream, byte[] Payload)
    {
        public bool EndsStream => Type is 0 or Headers && (Flags & EndStream) != 0;

        /// <summary>The last stream a GOAWAY promises to have seen.</summary>
        public int LastStream => BinaryPrimitives.ReadInt32BigEndian(Payload) & int.MaxValue;
    }
}

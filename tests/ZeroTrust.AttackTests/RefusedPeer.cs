using System.Buffers;
using System.Buffers.Binary;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;

namespace ZeroTrust.AttackTests;

/// <summary>A client without a certificate, which uses what the answer to a refused peer allows it.</summary>
internal sealed class RefusedPeer
{
    // More than is answered, of each: Http1Refusal and Http2Answers say where it ends.
    private const int HeadLength = 16 * 1024;
    private const int Frames = 8 * 1024;
    private const int Bytes = 1024 * 1024;

    private const int WholeRecords = 16 * 1024;
    private const int FlushedRecords = 256;

    // Longer than the server waits for a peer to read.
    private static readonly TimeSpan UnreadTime = TimeSpan.FromSeconds(8);

    private const byte Data = 0;
    private const byte Headers = 1;
    private const byte Settings = 4;
    private const byte Ping = 6;
    private const byte WindowUpdate = 8;
    private const byte EndOfAll = 0x5;

    private readonly byte[] _sent;
    private readonly int _recordLength;
    private readonly bool _speaksHttp2;
    private readonly bool _reads;

    private RefusedPeer(byte[] sent, int recordLength, bool speaksHttp2, bool reads) =>
        (_sent, _recordLength, _speaksHttp2, _reads) = (sent, recordLength, speaksHttp2, reads);

    public static RefusedPeer? Of(AttackKind kind) => kind switch
    {
        AttackKind.Refused => new("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"u8.ToArray(), WholeRecords, speaksHttp2: false, reads: true),
        AttackKind.RefusedHead => new([.. "GET /"u8, .. Repeated(HeadLength)], 1, speaksHttp2: false, reads: true),
        AttackKind.RefusedStreams => new(Asked(Frames), WholeRecords, speaksHttp2: true, reads: true),
        AttackKind.RefusedUnread => new(Asked(Frames), WholeRecords, speaksHttp2: true, reads: false),
        AttackKind.RefusedPings => new([.. Asked(1), .. Pings(Frames)], FrameLength(8), speaksHttp2: true, reads: true),
        AttackKind.RefusedBytes => new([.. Asked(1), .. Contents(Bytes)], 1, speaksHttp2: true, reads: true),
        AttackKind.RefusedIdle => new([], WholeRecords, speaksHttp2: true, reads: true),
        _ => null,
    };

    public async Task RunAsync(Socket socket, CancellationToken end)
    {
        await using var network = new NetworkStream(socket, ownsSocket: false);
        await using var gathered = new GatheredWrites(network);
        await using var stream = new SslStream(gathered);
        try
        {
            await stream.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions
                {
                    TargetHost = "localhost",
                    AllowTlsResume = false,
                    ApplicationProtocols = _speaksHttp2 ? [SslApplicationProtocol.Http2] : [SslApplicationProtocol.Http11],
                    RemoteCertificateValidationCallback = static (_, server, _, _) => server is not null,
                },
                end);
            await ExchangeAsync(stream, gathered, end);
        }
        catch (Exception exception) when (exception is IOException or AuthenticationException)
        {
            // Refused without an answer, or cut.
        }
    }

    private async Task ExchangeAsync(SslStream stream, GatheredWrites gathered, CancellationToken end)
    {
        using var answered = CancellationTokenSource.CreateLinkedTokenSource(end);
        var sending = SendAsync(stream, gathered, answered.Token);
        await (_reads ? stream.CopyToAsync(Stream.Null, end) : Task.Delay(UnreadTime, end));
        await answered.CancelAsync();
        await sending;
    }

    private async Task SendAsync(SslStream stream, GatheredWrites gathered, CancellationToken end)
    {
        // All of it may be sent without a wait, and nothing would be read meanwhile.
        await Task.Yield();
        var rest = _sent.AsMemory();
        for (var records = 1; !rest.IsEmpty; records++)
        {
            var length = Math.Min(rest.Length, _recordLength);
            await stream.WriteAsync(rest[..length], end);
            rest = rest[length..];
            if (rest.IsEmpty || records % FlushedRecords == 0)
            {
                await gathered.FlushAsync(end);
                await Task.Yield();
            }
        }
    }

    // Header blocks are empty: nothing in them is needed for an answer. Its windows are as wide as they may be.
    private static byte[] Asked(int streams)
    {
        var bytes = new ArrayBufferWriter<byte>();
        bytes.Write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8);
        Frame(bytes, Settings, flags: 0, stream: 0, [0, 4, 0x7f, 0xff, 0xff, 0xff]);
        Frame(bytes, WindowUpdate, flags: 0, stream: 0, [0x7f, 0xff, 0, 0]);
        for (var i = 0; i < streams; i++)
        {
            Frame(bytes, Headers, EndOfAll, (2 * i) + 1, []);
        }

        return bytes.WrittenSpan.ToArray();
    }

    private static byte[] Pings(int count)
    {
        var bytes = new ArrayBufferWriter<byte>();
        for (var i = 0; i < count; i++)
        {
            Frame(bytes, Ping, flags: 0, stream: 0, new byte[8]);
        }

        return bytes.WrittenSpan.ToArray();
    }

    private static byte[] Contents(int length)
    {
        var bytes = new ArrayBufferWriter<byte>();
        var content = new byte[WholeRecords];
        while (bytes.WrittenCount < length)
        {
            Frame(bytes, Data, flags: 0, stream: 1, content);
        }

        return bytes.WrittenSpan.ToArray();
    }

    private static byte[] Repeated(int length)
    {
        var bytes = new byte[length];
        bytes.AsSpan().Fill((byte)'a');
        return bytes;
    }

    private static int FrameLength(int payload) => 9 + payload;

    private static void Frame(ArrayBufferWriter<byte> bytes, byte type, byte flags, int stream, ReadOnlySpan<byte> payload)
    {
        var header = bytes.GetSpan(9);
        BinaryPrimitives.WriteInt32BigEndian(header, payload.Length << 8);
        header[3] = type;
        header[4] = flags;
        BinaryPrimitives.WriteInt32BigEndian(header[5..], stream);
        bytes.Advance(9);
        bytes.Write(payload);
    }
}

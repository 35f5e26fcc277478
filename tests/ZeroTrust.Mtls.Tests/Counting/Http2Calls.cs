using System.Buffers.Binary;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace ZeroTrust.Mtls.Tests.Counting;

/// <summary>One connection of HTTP/2 to a <see cref="CountingServer"/>, frame by frame (RFC 9113).</summary>
internal sealed class Http2Calls(CountingServer server, SslStream stream, Socket socket)
{
    private const int PrefaceLength = 24;
    private const byte Data = 0;
    private const byte Headers = 1;
    private const byte ResetStream = 3;
    private const byte Settings = 4;
    private const byte Ping = 6;
    private const byte GoAway = 7;
    private const byte EndStream = 1;
    private const byte EndHeaders = 4;
    private const byte Acknowledged = 1;

    // ":status: 200" of HPACK's static table.
    private static readonly byte[] Ok = [0x88];

    private readonly Dictionary<int, string> _open = [];
    private int _last;

    public async Task ServeAsync()
    {
        await stream.ReadExactlyAsync(new byte[PrefaceLength]);
        await WriteAsync(Settings, 0, 0, []);
        while (true)
        {
            var head = new byte[9];
            await stream.ReadExactlyAsync(head);
            var payload = new byte[(head[0] << 16) | (head[1] << 8) | head[2]];
            await stream.ReadExactlyAsync(payload);
            if (!await TakeAsync(head[3], head[4], BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(5)), payload))
            {
                return;
            }
        }
    }

    private async Task<bool> TakeAsync(byte type, byte flags, int id, byte[] payload)
    {
        switch (type)
        {
            case Settings when (flags & Acknowledged) == 0:
                await WriteAsync(Settings, Acknowledged, 0, []);
                break;
            case Ping when (flags & Acknowledged) == 0:
                await WriteAsync(Ping, Acknowledged, 0, payload);
                break;
            case Headers:
                // The platform's HPACK spells paths as they are.
                _open[id] = Encoding.Latin1.GetString(payload);
                break;
        }

        return type is not (Headers or Data) || (flags & EndStream) == 0 || await AnswerAsync(id);
    }

    private async Task<bool> AnswerAsync(int id)
    {
        _open.Remove(id, out var head);
        var (call, cut) = server.Decide(head!);
        if (cut is not (Cut.GoAwayNotExecuted or Cut.RefusedStream))
        {
            server.Execute(call);
        }

        switch (cut)
        {
            case Cut.None:
                await WriteAsync(Headers, EndHeaders | EndStream, id, Ok);
                _last = id;
                return true;
            case Cut.ResetStream:
                await WriteAsync(ResetStream, 0, id, Code(2));
                return true;
            case Cut.Http11Required:
                await WriteAsync(ResetStream, 0, id, Code(0xd));
                return true;
            case Cut.RefusedStream:
                await WriteAsync(ResetStream, 0, id, Code(7));
                return true;
            case Cut.AfterAnswer:
                await WriteAsync(Headers, EndHeaders | EndStream, id, Ok);
                break;
            case Cut.HalfHead:
                await WriteAsync(Headers, 0, id, Ok);
                break;
            case Cut.HalfContent:
                await WriteAsync(Headers, EndHeaders, id, Ok);
                await WriteAsync(Data, 0, id, "half"u8.ToArray());
                break;
            case Cut.GoAwayExecuted:
                await WriteAsync(GoAway, 0, 0, [.. Code(id), .. Code(0)]);
                break;
            case Cut.GoAwayNotExecuted:
                await WriteAsync(GoAway, 0, 0, [.. Code(_last), .. Code(0)]);
                break;
            case Cut.DrainRunOut:
                await WriteAsync(GoAway, 0, 0, [.. Code(int.MaxValue), .. Code(0)]);
                cut = Cut.Rst;
                break;
        }

        await Http11Calls.CloseAsync(stream, socket, cut);
        return false;
    }

    private static byte[] Code(int code)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, code);
        return bytes;
    }

    private ValueTask WriteAsync(byte type, int flags, int id, byte[] payload) =>
        stream.WriteAsync((byte[])[.. Code(payload.Length)[1..], type, (byte)flags, .. Code(id), .. payload]);
}

using System.Text;

namespace ZeroTrust.Authz.AspNetCore.Tests.Features;

/// <summary>As much of the protocol of Blazor's hub as calls of it need: MessagePack behind a length of seven bits a byte.</summary>
internal static class CircuitMessages
{
    public const string Handshake = "{\"protocol\":\"blazorpack\",\"version\":1}\u001e";

    private const byte Completion = 3;

    public static byte[] Invoke(string id, string method, string[] arguments)
    {
        List<byte> body = [0x96, 1, 0x80];
        AddText(body, id);
        AddText(body, method);
        body.Add((byte)(0x90 | arguments.Length));
        foreach (var argument in arguments)
        {
            AddText(body, argument);
        }

        body.Add(0x90);
        List<byte> message = [];
        for (var rest = body.Count; rest > 0; rest >>= 7)
        {
            message.Add((byte)((rest & 0x7f) | (rest > 0x7f ? 0x80 : 0)));
        }

        return [.. message, .. body];
    }

    /// <summary>Takes whole messages off the front.</summary>
    /// <returns>
    /// What the first invocation among them was answered with: text, a flag, nothing or "failed"; null when none was answered.
    /// </returns>
    public static string? TakeAnswer(List<byte> received)
    {
        string? answer = null;
        while (TryTake(received, out var message))
        {
            if (message.Length > 4 && message[1] == Completion)
            {
                answer ??= ReadCompletion(message);
            }
        }

        return answer;
    }

    private static bool TryTake(List<byte> received, out byte[] message)
    {
        message = [];
        var length = 0;
        var at = 0;
        do
        {
            if (at == received.Count)
            {
                return false;
            }

            length |= (received[at] & 0x7f) << (7 * at);
        }
        while (received[at++] >= 0x80);

        if (received.Count < at + length)
        {
            return false;
        }

        message = [.. received.GetRange(at, length)];
        received.RemoveRange(0, at + length);
        return true;
    }

    // [3, {}, id, kind, result]; ids are short.
    private static string ReadCompletion(byte[] message)
    {
        var kind = 4 + (message[3] & 0x1f);
        return message[kind] switch
        {
            1 => "failed",
            3 => ReadResult(message.AsSpan(kind + 1)),
            _ => "nothing",
        };
    }

    private static string ReadResult(ReadOnlySpan<byte> result) => result[0] switch
    {
        0xc0 => "nothing",
        0xc2 => "false",
        0xc3 => "true",
        0xd9 => Encoding.UTF8.GetString(result.Slice(2, result[1])),
        0xda => Encoding.UTF8.GetString(result.Slice(3, (result[1] << 8) | result[2])),
        _ => Encoding.UTF8.GetString(result.Slice(1, result[0] & 0x1f)),
    };

    private static void AddText(List<byte> body, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        body.AddRange([0xda, (byte)(bytes.Length >> 8), (byte)bytes.Length]);
        body.AddRange(bytes);
    }
}

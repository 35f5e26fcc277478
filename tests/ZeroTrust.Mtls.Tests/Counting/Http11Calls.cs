using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace ZeroTrust.Mtls.Tests.Counting;

/// <summary>One connection of HTTP/1.1 to a <see cref="CountingServer"/>.</summary>
internal sealed class Http11Calls(CountingServer server, SslStream stream, Socket socket)
{
    private readonly byte[] _byte = new byte[1];

    public async Task ServeAsync()
    {
        while (await ReadHeadAsync() is { } head)
        {
            server.Heads.Enqueue(head);
            var (call, cut) = server.Decide(head);

            // As a handler that looks at the head alone: it runs before the content has come.
            server.Execute(call);
            if (!IsExpecting(head) || cut == Cut.None)
            {
                await ReadContentAsync(head);
            }

            if (!await AnswerAsync(cut))
            {
                return;
            }
        }
    }

    /// <summary>Closes without a word of HTTP.</summary>
    public static async Task CloseAsync(SslStream stream, Socket socket, Cut cut)
    {
        if (cut == Cut.Rst)
        {
            socket.LingerState = new LingerOption(enable: true, 0);
            socket.Close();
        }
        else if (cut == Cut.RawFin)
        {
            socket.Shutdown(SocketShutdown.Send);
        }
        else
        {
            await stream.ShutdownAsync();
            socket.Shutdown(SocketShutdown.Send);
        }
    }

    private static bool IsExpecting(string head) => head.Contains("Expect: 100-continue", StringComparison.OrdinalIgnoreCase);

    private async Task<bool> AnswerAsync(Cut cut)
    {
        switch (cut)
        {
            case Cut.None:
                await WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
                return true;
            case Cut.AfterAnswer:
                await WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
                break;
            case Cut.HalfHead:
                await WriteAsync("HTTP/1.1 200 OK\r\nConte");
                break;
            case Cut.HalfContent:
                await WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
                break;
        }

        await CloseAsync(stream, socket, cut);
        return false;
    }

    private async Task ReadContentAsync(string head)
    {
        if (IsExpecting(head))
        {
            await WriteAsync("HTTP/1.1 100 Continue\r\n\r\n");
        }

        var at = head.IndexOf("Content-Length: ", StringComparison.OrdinalIgnoreCase);
        if (at >= 0)
        {
            var length = head[(at + 16)..head.IndexOf("\r\n", at, StringComparison.Ordinal)];
            await stream.ReadExactlyAsync(new byte[int.Parse(length, CultureInfo.InvariantCulture)]);
        }
    }

    private async Task<string?> ReadHeadAsync()
    {
        var head = new StringBuilder();
        while (head.Length < 4 || head.ToString(head.Length - 4, 4) != "\r\n\r\n")
        {
            if (await stream.ReadAsync(_byte) == 0)
            {
                return null;
            }

            head.Append((char)_byte[0]);
        }

        return head.ToString();
    }

    private ValueTask WriteAsync(string text) => stream.WriteAsync(Encoding.ASCII.GetBytes(text));
}

using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace ZeroTrust.Samples.Tour.Attack;

/// <summary>HTTP/1.1 written by hand over an <see cref="SslStream"/>, so that nothing retries and every lost answer is seen.</summary>
internal sealed class RawConnection : IAsyncDisposable
{
    private readonly SslStream _stream;
    private readonly byte[] _buffer = new byte[16 * 1024];
    private int _filled;

    private RawConnection(SslStream stream) => _stream = stream;

    /// <summary>SHA-256 of the certificate the server presented, in lower-case hexadecimal.</summary>
    public string ServerLeaf => Convert.ToHexStringLower(SHA256.HashData(_stream.RemoteCertificate!.GetRawCertData()));

    /// <summary>The server announced that it takes no further request on this connection.</summary>
    public bool Closing { get; private set; }

    public static async Task<RawConnection> OpenAsync(Outsider client, int port, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        SslStream? stream = null;
        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, port, cancellationToken);
            stream = new SslStream(new NetworkStream(socket, ownsSocket: true));
            await stream.AuthenticateAsClientAsync(client.TlsOptions(), cancellationToken);
            return new RawConnection(stream);
        }
        catch
        {
            if (stream is not null)
            {
                await stream.DisposeAsync();
            }

            socket.Dispose();
            throw;
        }
    }

    public async Task<Answer> PostAsync(
        string path, string json, IEnumerable<KeyValuePair<string, string>> headers, CancellationToken cancellationToken)
    {
        var request = new StringBuilder()
            .Append(CultureInfo.InvariantCulture, $"POST {path} HTTP/1.1\r\nHost: localhost\r\n")
            .Append(CultureInfo.InvariantCulture, $"Content-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(json)}\r\n");
        foreach (var (name, value) in headers)
        {
            request.Append(CultureInfo.InvariantCulture, $"{name}: {value}\r\n");
        }

        request.Append("\r\n").Append(json);
        await _stream.WriteAsync(Encoding.UTF8.GetBytes(request.ToString()), cancellationToken);
        return await ReadAnswerAsync(cancellationToken);
    }

    public ValueTask DisposeAsync() => _stream.DisposeAsync();

    private async Task<Answer> ReadAnswerAsync(CancellationToken cancellationToken)
    {
        _filled = 0;
        var headEnd = await ReadUntilAsync("\r\n\r\n", cancellationToken);
        var head = Encoding.ASCII.GetString(_buffer, 0, headEnd).Split("\r\n");
        var status = int.Parse(head[0].Split(' ')[1], CultureInfo.InvariantCulture);
        Closing = Header(head, "Connection") is { } connection && connection.Equals("close", StringComparison.OrdinalIgnoreCase);
        var bodyStart = headEnd + 4;
        int bodyEnd;
        if (Header(head, "Content-Length") is { } length)
        {
            bodyEnd = bodyStart + int.Parse(length, CultureInfo.InvariantCulture);
            while (_filled < bodyEnd)
            {
                await FillAsync(cancellationToken);
            }
        }
        else if (Header(head, "Transfer-Encoding") is not null)
        {
            bodyEnd = await ReadUntilAsync("0\r\n\r\n", cancellationToken, bodyStart);
        }
        else
        {
            bodyEnd = bodyStart;
        }

        return new Answer(status, Encoding.UTF8.GetString(_buffer, bodyStart, bodyEnd - bodyStart));
    }

    private async Task<int> ReadUntilAsync(string mark, CancellationToken cancellationToken, int from = 0)
    {
        var bytes = Encoding.ASCII.GetBytes(mark);
        while (true)
        {
            var at = _buffer.AsSpan(from, _filled - from).IndexOf(bytes);
            if (at >= 0)
            {
                return from + at;
            }

            await FillAsync(cancellationToken);
        }
    }

    private async Task FillAsync(CancellationToken cancellationToken)
    {
        var read = await _stream.ReadAsync(_buffer.AsMemory(_filled), cancellationToken);
        _filled += read > 0 ? read : throw new IOException("The connection ended before the answer did.");
    }

    private static string? Header(string[] head, string name) => head
        .Where(line => line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase))
        .Select(line => line[(name.Length + 1)..].Trim())
        .FirstOrDefault();
}

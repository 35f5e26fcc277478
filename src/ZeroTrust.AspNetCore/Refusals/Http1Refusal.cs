using System.Net.Security;

namespace ZeroTrust.AspNetCore.Refusals;

/// <summary>
/// Answers one request of HTTP/1.1, whatever it asks for. Its head is read to its end and not parsed; what follows is not read.
/// </summary>
/// <remarks>A peer that asks nothing in time is told all the same: people look with <c>openssl s_client</c>.</remarks>
internal sealed class Http1Refusal(SslStream stream, RefusalAnswer answer, Memory<byte> buffer)
{
    /// <summary>The longest head that is waited for.</summary>
    public const int MaxHeadLength = 16 * 1024;

    private int _length;

    /// <summary>Waits for a request.</summary>
    /// <returns>The answer; empty when the peer has closed.</returns>
    public async Task<ReadOnlyMemory<byte>> RunAsync(CancellationToken patience)
    {
        try
        {
            while (_length < MaxHeadLength && buffer.Span[.._length].IndexOf("\r\n\r\n"u8) < 0)
            {
                var read = await stream.ReadAsync(buffer[_length..MaxHeadLength], patience).ConfigureAwait(false);
                if (read == 0)
                {
                    return default;
                }

                _length += read;
            }
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested)
        {
            // Answered by what is here.
        }

        return answer.ToHttp11(withBody: !buffer.Span[.._length].StartsWith("HEAD "u8));
    }
}

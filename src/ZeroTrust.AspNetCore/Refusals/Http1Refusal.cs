using System.Net.Security;

namespace ZeroTrust.AspNetCore.Refusals;

/// <summary>
/// Answers one request of HTTP/1.1, whatever it asks for. Its head is read to its end and not parsed; what follows is not read.
/// </summary>
/// <remarks>A peer that asks nothing in time is told all the same: people look with <c>openssl s_client</c>.</remarks>
internal sealed class Http1Refusal(
    SslStream stream, CountedInput? wire, RefusalAnswer answer, Memory<byte> buffer, TimeProvider time)
{
    /// <summary>The longest head that is waited for.</summary>
    public const int MaxHeadLength = 16 * 1024;

    // A head that is written line by line, and what is taken ahead.
    private const int MostOverhead = 40 * 1024;

    // How long a peer may take to ask.
    private static readonly TimeSpan AskTime = TimeSpan.FromSeconds(2);

    private readonly RecordOverhead _overhead = new(wire, MostOverhead);
    private int _length;

    private bool IsWaitedFor => _length < MaxHeadLength && buffer.Span[.._length].IndexOf("\r\n\r\n"u8) < 0 && !_overhead.IsExceeded;

    /// <summary>Waits for a request.</summary>
    /// <returns>The answer; empty when the peer has closed.</returns>
    public async Task<ReadOnlyMemory<byte>> RunAsync(CancellationToken end)
    {
        using var patience = new CancellationTokenSource(AskTime, time);
        using var reading = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, end);
        try
        {
            while (IsWaitedFor)
            {
                var read = await stream.ReadAsync(buffer[_length..MaxHeadLength], reading.Token).ConfigureAwait(false);
                if (read == 0)
                {
                    return default;
                }

                _length += read;
                _overhead.Add(read);
            }
        }
        catch (OperationCanceledException) when (reading.IsCancellationRequested)
        {
            // Answered by what is here.
        }

        return answer.ToHttp11(withBody: !buffer.Span[.._length].StartsWith("HEAD "u8));
    }
}

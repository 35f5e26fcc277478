using System.Buffers;
using System.IO.Pipelines;

namespace ZeroTrust.AspNetCore.Listeners;

/// <summary>Waits for a peer's first TLS record without taking it: a silent connection costs a socket and nothing of TLS.</summary>
/// <remarks>
/// Bytes that begin no handshake record are let through at once: TLS refuses them. So is a ClientHello cut into several records once the first is
/// here; from then on it is held to the time of a handshake.
/// </remarks>
internal static class ClientHello
{
    // RFC 8446 section 5.1: type, version, length; at most 2^14 bytes in clear text.
    public const int HeaderLength = 5;
    public const int MaxFragment = 16_384;
    public const byte HandshakeType = 22;

    /// <returns>What came; null when the peer closed first.</returns>
    /// <exception cref="OperationCanceledException">It did not come in time.</exception>
    public static async Task<ClientOffer?> WaitAsync(PipeReader input, CancellationToken patience)
    {
        while (true)
        {
            var result = await input.ReadAsync(patience).ConfigureAwait(false);
            if (IsComplete(result.Buffer))
            {
                var offer = Read(result.Buffer);
                input.AdvanceTo(result.Buffer.Start);
                return offer;
            }

            input.AdvanceTo(result.Buffer.Start, result.Buffer.End);
            if (result.IsCompleted || result.IsCanceled)
            {
                return null;
            }
        }
    }

    private static bool IsComplete(in ReadOnlySequence<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            return false;
        }

        if (bytes.FirstSpan[0] != HandshakeType)
        {
            return true;
        }

        if (bytes.Length < HeaderLength)
        {
            return false;
        }

        Span<byte> header = stackalloc byte[HeaderLength];
        bytes.Slice(0, HeaderLength).CopyTo(header);
        var length = (header[3] << 8) | header[4];
        return length > MaxFragment || bytes.Length >= HeaderLength + length;
    }

    private static ClientOffer Read(in ReadOnlySequence<byte> bytes)
    {
        if (bytes.IsSingleSegment)
        {
            return ClientOffer.Read(bytes.FirstSpan);
        }

        var length = (int)Math.Min(bytes.Length, HeaderLength + MaxFragment);
        var copy = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            bytes.Slice(0, length).CopyTo(copy);
            return ClientOffer.Read(copy.AsSpan(0, length));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(copy);
        }
    }
}

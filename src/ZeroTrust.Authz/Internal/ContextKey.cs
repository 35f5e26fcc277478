using System.Buffers;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace ZeroTrust.Authz.Internal;

/// <summary>SHA-256 over the three header values.</summary>
/// <remarks>The separator appears in no value that verifies, so values that were cut differently never share a key with one that did.</remarks>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ContextKey(UInt128 Left, UInt128 Right)
{
    internal static ContextKey Of(TxnHeaders headers)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(headers.Token.Length + headers.Chain.Length + headers.Certs.Length) + 2);
        try
        {
            var length = Encoding.UTF8.GetBytes(headers.Token, buffer);
            buffer[length++] = 0;
            length += Encoding.UTF8.GetBytes(headers.Chain, buffer.AsSpan(length));
            buffer[length++] = 0;
            length += Encoding.UTF8.GetBytes(headers.Certs, buffer.AsSpan(length));
            Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
            SHA256.HashData(buffer.AsSpan(0, length), hash);
            return new ContextKey(MemoryMarshal.Read<UInt128>(hash), MemoryMarshal.Read<UInt128>(hash[16..]));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}

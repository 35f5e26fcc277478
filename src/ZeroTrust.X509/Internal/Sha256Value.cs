using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace ZeroTrust.X509.Internal;

/// <summary>A SHA-256 as a key that needs no allocation.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Sha256Value(UInt128 High, UInt128 Low)
{
    public static Sha256Value Of(ReadOnlyMemory<byte> hash) =>
        new(BinaryPrimitives.ReadUInt128BigEndian(hash.Span), BinaryPrimitives.ReadUInt128BigEndian(hash.Span[16..]));
}

using System.Buffers;
using System.Globalization;
using System.Text;

namespace ZeroTrust.AspNetCore.Refusals;

/// <summary>Header blocks of HTTP/2 that leave both tables as they are (RFC 7541), so that one serves every stream.</summary>
internal static class HeaderBlock
{
    // RFC 7541 section 6.2.2: a literal that is not indexed, with a new name. Section 5.1: lengths have a prefix of 7 bits.
    private const byte LiteralWithNewName = 0;
    private const int LengthPrefix = 0x7f;

    public static byte[] Of(int status, IEnumerable<KeyValuePair<string, string>> headers)
    {
        var block = new ArrayBufferWriter<byte>();
        Literal(block, ":status", status.ToString(CultureInfo.InvariantCulture));
        foreach (var (name, value) in headers)
        {
            Literal(block, name, value);
        }

        return block.WrittenSpan.ToArray();
    }

    private static void Literal(ArrayBufferWriter<byte> block, string name, string value)
    {
        block.Write((ReadOnlySpan<byte>)[LiteralWithNewName]);
        Text(block, name);
        Text(block, value);
    }

    private static void Text(ArrayBufferWriter<byte> block, string text)
    {
        var rest = text.Length - LengthPrefix;
        if (rest < 0)
        {
            block.Write((ReadOnlySpan<byte>)[(byte)text.Length]);
        }
        else
        {
            block.Write((ReadOnlySpan<byte>)[LengthPrefix]);
            for (; rest >= 0x80; rest >>= 7)
            {
                block.Write((ReadOnlySpan<byte>)[(byte)((rest & 0x7f) | 0x80)]);
            }

            block.Write((ReadOnlySpan<byte>)[(byte)rest]);
        }

        Encoding.ASCII.GetBytes(text, block);
    }
}

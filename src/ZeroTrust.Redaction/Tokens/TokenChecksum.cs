using System.Buffers.Binary;
using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;

namespace ZeroTrust.Redaction.Tokens;

/// <summary>
/// Check digits that vendors put into their tokens. A right one is proof enough. A wrong one says nothing: a server of the vendor's may
/// compute it otherwise, and a token may have been mistyped.
/// </summary>
internal static class TokenChecksum
{
    private const int MaxLength = 512;
    private const uint Polynomial = 0xEDB88320;
    private const string Base62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private const string Base36 = "0123456789abcdefghijklmnopqrstuvwxyz";
    private const string Base32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    private static readonly FrozenDictionary<string, Check> Checks = new Dictionary<string, Check>(StringComparer.Ordinal)
    {
        ["crc32-base62"] = static token => EndsWith(token, 6, token[(token.IndexOf('_') + 1)..^6], Base62),
        ["crc32-base36"] = static token => EndsWith(token, 7, token[..^7], Base36),
        ["crc32-hex"] = static token => IsHex(token[^8..], Crc(token[(token.IndexOf('_') + 1)..^9])),
        ["crc32-hex-le"] = static token => IsHex(token[^8..], BinaryPrimitives.ReverseEndianness(Crc(token[..^9]))),
        ["sha256-base32-mid"] = static token => HasDigest(token[..^16], token[^16..^8]),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private delegate bool Check(ReadOnlySpan<char> token);

    public static bool IsKnown(string name) => name.Length == 0 || Checks.ContainsKey(name);

    /// <summary>Whether the token has a check sum of that name, and a right one.</summary>
    public static bool IsRight(string name, ReadOnlySpan<char> token) =>
        name.Length > 0 && token.Length <= MaxLength && Checks[name](token);

    private static bool EndsWith(ReadOnlySpan<char> token, int digits, ReadOnlySpan<char> body, string alphabet)
    {
        var number = Crc(body);
        for (var i = 1; i <= digits; i++)
        {
            if (token[^i] != alphabet[(int)(number % (uint)alphabet.Length)])
            {
                return false;
            }

            number /= (uint)alphabet.Length;
        }

        return number == 0;
    }

    private static bool IsHex(ReadOnlySpan<char> digits, uint number)
    {
        Span<char> wanted = stackalloc char[2 * sizeof(uint)];
        return number.TryFormat(wanted, out _, "x8", null) && digits.SequenceEqual(wanted);
    }

    private static bool HasDigest(ReadOnlySpan<char> body, ReadOnlySpan<char> wanted)
    {
        Span<byte> bytes = stackalloc byte[MaxLength];
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes[..Encoding.ASCII.GetBytes(body, bytes)], digest);
        var bits = BinaryPrimitives.ReadUInt64BigEndian(digest);
        for (var i = 0; i < wanted.Length; i++)
        {
            if (wanted[i] != Base32[(int)(bits >> 59)])
            {
                return false;
            }

            bits <<= 5;
        }

        return true;
    }

    /// <summary>The cyclic redundancy check of IEEE 802.3. A table would serve a handful of tokens.</summary>
    private static uint Crc(ReadOnlySpan<char> text)
    {
        var crc = uint.MaxValue;
        foreach (var character in text)
        {
            crc ^= character;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ ((crc & 1) * Polynomial);
            }
        }

        return ~crc;
    }
}

using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace ZeroTrust.OpenTelemetry.Internal;

/// <summary>Replaces a value by a keyed hash, separate for each attribute key.</summary>
internal sealed class Tokenizer(byte[] key)
{
    public const int MinKeyBytes = 32;
    private const string Marker = "tok:v1:";
    private const int TokenBytes = 16;
    private const int TokenLength = 22;

    public static bool TryDecodeKey(string base64, [NotNullWhen(true)] out byte[]? key)
    {
        var buffer = new byte[base64.Length];
        key = Convert.TryFromBase64String(base64, buffer, out var written) && written >= MinKeyBytes ? buffer[..written] : null;
        return key is not null;
    }

    public string Tokenize(string attribute, string value)
    {
        if (IsToken(value))
        {
            return value;
        }

        // The attribute's length keeps ("ab", "c") and ("a", "bc") apart.
        var input = Encoding.UTF8.GetBytes($"{attribute.Length}:{attribute}{value}");
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(key, input, hash);
        return Marker + Base64Url.EncodeToString(hash[..TokenBytes]);
    }

    private static bool IsToken(string value) =>
        value.Length == Marker.Length + TokenLength && value.StartsWith(Marker, StringComparison.Ordinal)
        && Base64Url.IsValid(value.AsSpan(Marker.Length));
}

using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace ZeroTrust.Redaction.Internal;

/// <summary>Replaces a value by a keyed hash, separate for each attribute key. The id of the key stands in front of it.</summary>
internal sealed class Tokenizer
{
    public const int MinKeyBytes = 32;
    private const string Marker = "tok:";
    private const int TokenBytes = 16;
    private const int TokenLength = 22;
    private const int CacheSlots = 1024;
    private const int LongestCached = 256;
    private const int StackBytes = 512;

    private readonly byte[] _key;
    private readonly string _prefix;
    private readonly string[] _knownPrefixes;

    /// <summary>The tokens made last, each in the one place its hash leads to. The hash of a string is keyed anew in each process, so that nobody can aim at a place.</summary>
    private readonly Entry?[] _cache = new Entry?[CacheSlots];

    /// <summary>A hash whose key is set up already, for whoever takes it; another thread makes its own.</summary>
    private object? _spareHash;

    public Tokenizer(byte[] key, string keyId, IEnumerable<string> retiredKeyIds)
    {
        _key = key;
        _prefix = $"{Marker}{keyId}:";
        _knownPrefixes = [_prefix, .. retiredKeyIds.Select(static id => $"{Marker}{id}:")];
    }

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

        if (value.Length > LongestCached)
        {
            return Hash(attribute, value);
        }

        ref var slot = ref _cache[HashCode.Combine(attribute, value) & (CacheSlots - 1)];
        var entry = Volatile.Read(ref slot);
        if (entry is null || entry.Value != value || entry.Attribute != attribute)
        {
            entry = new(attribute, value, Hash(attribute, value));
            Volatile.Write(ref slot, entry);
        }

        return entry.Token;
    }

    private string Hash(string attribute, string value)
    {
        // The attribute's length keeps ("ab", "c") and ("a", "bc") apart.
        var input = $"{attribute.Length}:{attribute}{value}";
        var size = Encoding.UTF8.GetMaxByteCount(input.Length);
        var rented = size <= StackBytes ? null : ArrayPool<byte>.Shared.Rent(size);
        var buffer = rented ?? stackalloc byte[StackBytes];
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        Span<char> token = stackalloc char[TokenLength];
        var bytes = buffer[..Encoding.UTF8.GetBytes(input, buffer)];
        Hash(bytes, hash);
        bytes.Clear();
        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }

        Base64Url.EncodeToChars(hash[..TokenBytes], token);
        return string.Concat(_prefix, token);
    }

    private void Hash(ReadOnlySpan<byte> input, Span<byte> hash)
    {
        var hmac = (IncrementalHash?)Interlocked.Exchange(ref _spareHash, value: null) ?? IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, _key);
        hmac.AppendData(input);
        hmac.GetHashAndReset(hash);
        if (Interlocked.CompareExchange(ref _spareHash, hmac, comparand: null) is not null)
        {
            hmac.Dispose();
        }
    }

    private bool IsToken(string value)
    {
        foreach (var prefix in _knownPrefixes)
        {
            if (value.Length == prefix.Length + TokenLength && value.StartsWith(prefix, StringComparison.Ordinal))
            {
                return Base64Url.IsValid(value.AsSpan(prefix.Length));
            }
        }

        return false;
    }

    private sealed record Entry(string Attribute, string Value, string Token);
}

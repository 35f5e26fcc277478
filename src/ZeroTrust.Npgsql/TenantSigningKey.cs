using System.Buffers;
using System.Security.Cryptography;

namespace ZeroTrust.Npgsql;

/// <summary>A key the service signs the tenant with, and the database verifies it by (HMAC-SHA256, RFC 2104).</summary>
/// <remarks>Without it, whoever gets to run SQL of their own can name any tenant. Keep it where the connection string is kept.</remarks>
public sealed class TenantSigningKey
{
    /// <summary>The shortest key, in bytes.</summary>
    public const int MinKeyLength = 32;

    /// <summary>The longest key, in bytes: one block of SHA-256.</summary>
    public const int MaxKeyLength = 64;

    /// <summary>The session of a value that is good in every one; the database believes it where it was told of a pooler.</summary>
    internal const int AnySession = 0;

    private const int MaxIdLength = 32;
    private const byte InnerPad = 0x36;
    private const byte OuterPad = 0x5c;
    private static readonly SearchValues<char> IdLetters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");

    private readonly byte[] _key;

    /// <summary>Creates a key.</summary>
    /// <param name="id">Its name, by which the database finds it: 1 to 32 of <c>[a-z0-9-]</c>.</param>
    /// <param name="key">32 to 64 random bytes.</param>
    /// <exception cref="ArgumentException">The name or the key is not that.</exception>
    public TenantSigningKey(string id, ReadOnlySpan<byte> key)
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        if (id.Length > MaxIdLength || id.AsSpan().ContainsAnyExcept(IdLetters))
        {
            throw new ArgumentException($"The id of a key is 1 to {MaxIdLength} of [a-z0-9-].", nameof(id));
        }

        if (key.Length is < MinKeyLength or > MaxKeyLength)
        {
            throw new ArgumentException($"A key has {MinKeyLength} to {MaxKeyLength} bytes.", nameof(key));
        }

        Id = id;
        _key = key.ToArray();
    }

    /// <summary>Its name.</summary>
    public string Id { get; }

    /// <summary>The id alone.</summary>
    public override string ToString() => Id;

    /// <summary>Signs the tenant for one session of the database, which is named by its process.</summary>
    internal string Sign(TenantId tenant, long expiresAt, int session)
    {
        var claims = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"v2:{Id}:{tenant}:{expiresAt}:{session}");
        Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_key, System.Text.Encoding.ASCII.GetBytes(claims), mac);
        return $"{claims}:{Convert.ToHexStringLower(mac)}";
    }

    // The two blocks of RFC 2104, so that the database needs nothing but sha256().
    internal string InnerBlock() => Block(InnerPad);

    internal string OuterBlock() => Block(OuterPad);

    private string Block(byte pad)
    {
        Span<byte> block = stackalloc byte[MaxKeyLength];
        block.Clear();
        _key.CopyTo(block);
        foreach (ref var octet in block)
        {
            octet ^= pad;
        }

        return Convert.ToHexStringLower(block);
    }
}

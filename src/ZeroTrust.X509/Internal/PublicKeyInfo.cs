using System.Formats.Asn1;
using System.Numerics;

namespace ZeroTrust.X509.Internal;

/// <summary>The kind of a public key; <see cref="Refused"/> is every other kind, size, curve or spelling.</summary>
internal enum KeyKind
{
    Refused = 0,
    Rsa,
    P256,
    P384,
    P521,
}

/// <summary>A SubjectPublicKeyInfo (RFC 5280 section 4.1.2.7), judged by its encoding alone.</summary>
internal sealed class PublicKeyInfo : IEquatable<PublicKeyInfo>
{
    public const string RsaOid = "1.2.840.113549.1.1.1";
    public const string EcOid = "1.2.840.10045.2.1";
    private const int MinRsaBits = 2048;
    private const int MaxRsaBits = 8192;
    private const int MaxExponentBits = 33;
    private const byte Uncompressed = 0x04;

    private PublicKeyInfo(ReadOnlyMemory<byte> encoded, ReadOnlyMemory<byte> oid, ReadOnlyMemory<byte> parameters, ReadOnlyMemory<byte> key)
    {
        Encoded = encoded;
        Oid = oid;
        Parameters = parameters;
        Key = key;
        (Kind, Bits) = Classify();
    }

    public ReadOnlyMemory<byte> Encoded { get; }

    public ReadOnlyMemory<byte> Oid { get; }

    /// <summary>The encoded parameters; empty when there are none.</summary>
    public ReadOnlyMemory<byte> Parameters { get; }

    public ReadOnlyMemory<byte> Key { get; }

    public KeyKind Kind { get; }

    public int Bits { get; }

    /// <summary>The length of the modulus, for messages; null where there is none.</summary>
    public int? RsaBits
    {
        get
        {
            try
            {
                var modulus = new DerReader(Key).ReadInner(DerReader.Sequence).ReadInteger();
                return (int)new BigInteger(modulus.Span, isBigEndian: true).GetBitLength();
            }
            catch (AsnContentException)
            {
                return null;
            }
        }
    }

    /// <exception cref="AsnContentException">It is not a SubjectPublicKeyInfo.</exception>
    public static PublicKeyInfo Read(ref DerReader reader)
    {
        var inner = new DerReader(reader.Read(DerReader.Sequence, out var encoded));
        var algorithm = inner.ReadInner(DerReader.Sequence);
        var oid = algorithm.ReadOid();
        var parameters = ReadOnlyMemory<byte>.Empty;
        if (algorithm.HasData)
        {
            algorithm.ReadAny(out _, out parameters);
        }

        algorithm.End();
        var key = inner.ReadOctets();
        inner.End();
        return new PublicKeyInfo(encoded, oid, parameters, key);
    }

    public bool Equals(PublicKeyInfo? other) => other is not null && Encoded.Span.SequenceEqual(other.Encoded.Span);

    public override bool Equals(object? obj) => Equals(obj as PublicKeyInfo);

    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.AddBytes(Key.Span);
        return hash.ToHashCode();
    }

    private (KeyKind Kind, int Bits) Classify()
    {
        if (Oid.Span.SequenceEqual(Oids.RsaEncryption))
        {
            return ClassifyRsa();
        }

        // RFC 5480 section 2.1.1: the curve is named; explicit parameters were CVE-2020-0601.
        if (!Oid.Span.SequenceEqual(Oids.EcPublicKey) || Parameters.IsEmpty || Parameters.Span[0] != DerReader.ObjectIdentifier)
        {
            return default;
        }

        var curve = new DerReader(Parameters).ReadOid().Span;
        var (kind, bits) = true switch
        {
            _ when curve.SequenceEqual(Oids.P256) => (KeyKind.P256, 256),
            _ when curve.SequenceEqual(Oids.P384) => (KeyKind.P384, 384),
            _ when curve.SequenceEqual(Oids.P521) => (KeyKind.P521, 521),
            _ => default,
        };
        var isPoint = Key.Length == 1 + (2 * ((bits + 7) / 8)) && Key.Span[0] == Uncompressed;
        return isPoint ? (kind, bits) : default;
    }

    private (KeyKind Kind, int Bits) ClassifyRsa()
    {
        // RFC 3279 section 2.3.1: the parameters are NULL.
        if (!Parameters.Span.SequenceEqual((ReadOnlySpan<byte>)[0x05, 0x00]))
        {
            return default;
        }

        var key = new DerReader(Key);
        var numbers = key.ReadInner(DerReader.Sequence);
        key.End();
        var modulus = new BigInteger(numbers.ReadInteger().Span, isBigEndian: true);
        var exponent = new BigInteger(numbers.ReadInteger().Span, isBigEndian: true);
        numbers.End();
        var bits = (int)modulus.GetBitLength();
        var isSound = modulus.Sign > 0
            && !modulus.IsEven
            && bits is >= MinRsaBits and <= MaxRsaBits
            && bits % 8 == 0
            && exponent >= 3
            && !exponent.IsEven
            && exponent.GetBitLength() <= MaxExponentBits;
        return isSound ? (KeyKind.Rsa, bits) : default;
    }
}

using System.Formats.Asn1;
using System.Security.Cryptography;

namespace ZeroTrust.FuzzTests.Pki;

/// <summary>A key that signs certificates. Not thread safe: every worker has copies of its own.</summary>
internal sealed class TestKey : IDisposable
{
    private const string RsaPss = "1.2.840.113549.1.1.10";
    private const string MaskGeneration1 = "1.2.840.113549.1.1.8";
    private const string Sha256 = "2.16.840.1.101.3.4.2.1";
    private const int Sha256Length = 32;

    private readonly AsymmetricAlgorithm _algorithm;
    private readonly bool _isPss;

    private TestKey(AsymmetricAlgorithm algorithm, bool isPss)
    {
        _algorithm = algorithm;
        _isPss = isPss;
        PublicKey = algorithm.ExportSubjectPublicKeyInfo();
        KeyId = SHA256.HashData(PublicKey)[..20];
    }

    /// <summary>The SubjectPublicKeyInfo.</summary>
    public byte[] PublicKey { get; }

    public byte[] KeyId { get; }

    public static TestKey Ec(ECCurve curve) => new(ECDsa.Create(curve), isPss: false);

    public static TestKey Rsa(int bits, bool isPss) => new(RSA.Create(bits), isPss);

    /// <summary>The same key as an object of its own.</summary>
    public TestKey Copy()
    {
        AsymmetricAlgorithm copy = _algorithm is RSA ? RSA.Create() : ECDsa.Create();
        copy.ImportPkcs8PrivateKey(_algorithm.ExportPkcs8PrivateKey(), out _);
        return new(copy, _isPss);
    }

    /// <summary>The AlgorithmIdentifier of a signature with this hash.</summary>
    public byte[] AlgorithmOf(HashAlgorithmName hash)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(OidOf(hash));
            if (_isPss)
            {
                WritePssParameters(writer);
            }
            else if (_algorithm is RSA)
            {
                writer.WriteNull();
            }
        }

        return writer.Encode();
    }

    /// <summary>Signs; RSASSA-PSS always with SHA-256.</summary>
    public byte[] Sign(byte[] data, HashAlgorithmName hash) => _algorithm switch
    {
        RSA rsa when _isPss => rsa.SignData(data, HashAlgorithmName.SHA256, RSASignaturePadding.Pss),
        RSA rsa => rsa.SignData(data, hash, RSASignaturePadding.Pkcs1),
        _ => ((ECDsa)_algorithm).SignData(data, hash, DSASignatureFormat.Rfc3279DerSequence),
    };

    public void Dispose() => _algorithm.Dispose();

    private static void WritePssParameters(AsnWriter writer)
    {
        using (writer.PushSequence())
        {
            using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 0)))
            {
                WriteHash(writer);
            }

            using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 1)))
            using (writer.PushSequence())
            {
                writer.WriteObjectIdentifier(MaskGeneration1);
                WriteHash(writer);
            }

            using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 2)))
            {
                writer.WriteInteger(Sha256Length);
            }
        }
    }

    private static void WriteHash(AsnWriter writer)
    {
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(Sha256);
            writer.WriteNull();
        }
    }

    private string OidOf(HashAlgorithmName hash) => (_algorithm is RSA, hash.Name) switch
    {
        (true, _) when _isPss => RsaPss,
        (true, nameof(HashAlgorithmName.SHA1)) => "1.2.840.113549.1.1.5",
        (true, nameof(HashAlgorithmName.SHA384)) => "1.2.840.113549.1.1.12",
        (true, nameof(HashAlgorithmName.SHA512)) => "1.2.840.113549.1.1.13",
        (true, _) => "1.2.840.113549.1.1.11",
        (false, nameof(HashAlgorithmName.SHA1)) => "1.2.840.10045.4.1",
        (false, nameof(HashAlgorithmName.SHA384)) => "1.2.840.10045.4.3.3",
        (false, nameof(HashAlgorithmName.SHA512)) => "1.2.840.10045.4.3.4",
        (false, _) => "1.2.840.10045.4.3.2",
    };
}

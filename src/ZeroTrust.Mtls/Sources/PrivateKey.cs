using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ZeroTrust.Shared;

namespace ZeroTrust.Mtls.Sources;

/// <summary>Private keys in the encodings that tools write.</summary>
internal static class PrivateKey
{
    private const string Rsa = "1.2.840.113549.1.1.1";
    private const string EllipticCurve = "1.2.840.10045.2.1";
    private const string Pbes2 = "1.2.840.113549.1.5.13";
    private const string Scrypt = "1.3.6.1.4.1.11591.4.11";
    private const string Convert8 = "openssl pkcs8 -topk8 -v2 aes-256-cbc -in FILE -out FILE.pem";

    /// <summary>What a DER key would be labelled in PEM; null when it is none.</summary>
    public static string? LabelOf(byte[] der)
    {
        try
        {
            var content = new AsnReader(der, AsnEncodingRules.BER).ReadSequence();
            if (content.PeekTag() == Asn1Tag.Sequence)
            {
                return PemBlock.EncryptedPrivateKey;
            }

            content.ReadInteger();
            return content.PeekTag() switch
            {
                { TagClass: TagClass.Universal, TagValue: (int)UniversalTagNumber.Sequence } => PemBlock.PrivateKey,
                { TagClass: TagClass.Universal, TagValue: (int)UniversalTagNumber.OctetString } => PemBlock.EcPrivateKey,
                { TagClass: TagClass.Universal, TagValue: (int)UniversalTagNumber.Integer } => PemBlock.RsaPrivateKey,
                _ => null,
            };
        }
        catch (AsnContentException)
        {
            return null;
        }
    }

    /// <exception cref="TrustFileFault">The key is not read, or belongs to another certificate.</exception>
    public static X509Certificate2 Attach(X509Certificate2 certificate, PemBlock key, string? password)
    {
        if (key.Headers.Contains("ENCRYPTED", StringComparison.OrdinalIgnoreCase))
        {
            throw At(key, $"the key is encrypted the way of old OpenSSL (Proc-Type), which is not read; convert it: {Convert8}");
        }

        var isEncrypted = key.Label == PemBlock.EncryptedPrivateKey;
        if (isEncrypted == string.IsNullOrEmpty(password))
        {
            throw At(key, isEncrypted
                ? "the key is encrypted, and KeyPassword is not set"
                : "the key is not encrypted, and KeyPassword is set: take the setting away, or use the file that was encrypted");
        }

        try
        {
            return key.Label switch
            {
                PemBlock.EncryptedPrivateKey => Decrypt(certificate, key, password!),
                PemBlock.PrivateKey => AlgorithmOf(key.Der) switch
                {
                    Rsa => Join(certificate, Rsa, key, (RSA rsa) => rsa.ImportPkcs8PrivateKey(key.Der, out _)),
                    EllipticCurve => Join(certificate, EllipticCurve, key, (ECDsa ec) => ec.ImportPkcs8PrivateKey(key.Der, out _)),
                    var other => throw At(key, $"the key is {NameOf(other)}; keys are RSA or EC"),
                },
                PemBlock.RsaPrivateKey => Join(certificate, Rsa, key, (RSA rsa) => rsa.ImportRSAPrivateKey(key.Der, out _)),
                PemBlock.EcPrivateKey => Join(certificate, EllipticCurve, key, (ECDsa ec) => ec.ImportECPrivateKey(key.Der, out _)),
                "OPENSSH PRIVATE KEY" => throw At(key, "a key of OpenSSH; convert it: ssh-keygen -p -m PKCS8 -f FILE"),
                _ => throw At(key, $"a {key.Label} block, which is not read; keys are RSA or EC"),
            };
        }
        catch (CryptographicException exception)
        {
            throw new TrustFileFault($"line {key.Line}: the {key.Label} is not the encoding of a key that is read: {exception.Message}", exception);
        }
    }

    private static X509Certificate2 Join<T>(X509Certificate2 certificate, string algorithm, PemBlock block, Action<T> import)
        where T : AsymmetricAlgorithm
    {
        if (certificate.PublicKey.Oid.Value != algorithm)
        {
            throw At(block, $"the key is {NameOf(algorithm)}, and that of the certificate is {NameOf(certificate.PublicKey.Oid.Value)}: it belongs to another certificate");
        }

        using AsymmetricAlgorithm key = algorithm == Rsa ? RSA.Create() : ECDsa.Create();
        import((T)key);
        try
        {
            return key is RSA rsa ? certificate.CopyWithPrivateKey(rsa) : certificate.CopyWithPrivateKey((ECDsa)key);
        }
        catch (ArgumentException exception)
        {
            throw new TrustFileFault($"line {block.Line}: the key is not the one of the first certificate: files of two issuances, or the leaf is not first", exception);
        }
    }

    private static X509Certificate2 Decrypt(X509Certificate2 certificate, PemBlock key, string password)
    {
        if (IsScrypt(key.Der))
        {
            throw At(key, $"the key is encrypted with scrypt, which is not read; convert it: {Convert8}");
        }

        // What kind of key it is shows when it is decrypted.
        return TryImport((RSA rsa) => rsa.ImportEncryptedPkcs8PrivateKey(password, key.Der, out _))
            ? Join(certificate, Rsa, key, (RSA rsa) => rsa.ImportEncryptedPkcs8PrivateKey(password, key.Der, out _))
            : TryImport((ECDsa ec) => ec.ImportEncryptedPkcs8PrivateKey(password, key.Der, out _))
                ? Join(certificate, EllipticCurve, key, (ECDsa ec) => ec.ImportEncryptedPkcs8PrivateKey(password, key.Der, out _))
                : throw At(key, $"the key cannot be decrypted: KeyPassword is not its password, or its encryption is not read; set it anew: {Convert8}");
    }

    private static bool TryImport<T>(Action<T> import)
        where T : AsymmetricAlgorithm
    {
        using AsymmetricAlgorithm key = typeof(T) == typeof(RSA) ? RSA.Create() : ECDsa.Create();
        try
        {
            import((T)key);
            return true;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    private static string AlgorithmOf(byte[] pkcs8)
    {
        try
        {
            var content = new AsnReader(pkcs8, AsnEncodingRules.BER).ReadSequence();
            content.ReadInteger();
            return content.ReadSequence().ReadObjectIdentifier();
        }
        catch (AsnContentException exception)
        {
            throw new CryptographicException("It is not PKCS#8.", exception);
        }
    }

    private static bool IsScrypt(byte[] der)
    {
        try
        {
            var algorithm = new AsnReader(der, AsnEncodingRules.BER).ReadSequence().ReadSequence();
            return algorithm.ReadObjectIdentifier() == Pbes2 && algorithm.ReadSequence().ReadSequence().ReadObjectIdentifier() == Scrypt;
        }
        catch (AsnContentException)
        {
            return false;
        }
    }

    private static string NameOf(string? algorithm) => algorithm switch
    {
        Rsa => "RSA",
        EllipticCurve => "EC",
        _ => $"of the algorithm {algorithm}",
    };

    private static TrustFileFault At(PemBlock key, string what) => TrustFileFault.At(key.Line, what);
}

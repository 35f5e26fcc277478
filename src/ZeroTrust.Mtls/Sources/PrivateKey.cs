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
                    var algorithm and (Rsa or EllipticCurve) => Import(certificate, algorithm, key, made => made.ImportPkcs8PrivateKey(key.Der, out _)),
                    var other => throw At(key, $"the key is {NameOf(other)}; keys are RSA or EC"),
                },
                PemBlock.RsaPrivateKey => Import(certificate, Rsa, key, made => ((RSA)made).ImportRSAPrivateKey(key.Der, out _)),
                PemBlock.EcPrivateKey => Import(certificate, EllipticCurve, key, made => ((ECDsa)made).ImportECPrivateKey(key.Der, out _)),
                "OPENSSH PRIVATE KEY" => throw At(key, "a key of OpenSSH; convert it: ssh-keygen -p -m PKCS8 -f FILE"),
                _ => throw At(key, $"a {key.Label} block, which is not read; keys are RSA or EC"),
            };
        }
        catch (CryptographicException) when (EllipticCurveForm.IsCompressed(key))
        {
            throw At(key, $"the key holds its public key as a compressed point, which is not read; convert it: {EllipticCurveForm.Uncompress}");
        }
        catch (CryptographicException exception)
        {
            throw new TrustFileFault($"line {key.Line}: the {key.Label} is not the encoding of a key that is read: {exception.Message}", exception);
        }
    }

    private static X509Certificate2 Import(X509Certificate2 certificate, string algorithm, PemBlock block, Action<AsymmetricAlgorithm> import)
    {
        using var key = Create(algorithm);
        import(key);
        return Join(certificate, key, block);
    }

    private static X509Certificate2 Join(X509Certificate2 certificate, AsymmetricAlgorithm key, PemBlock block)
    {
        var algorithm = key is RSA ? Rsa : EllipticCurve;
        if (certificate.PublicKey.Oid.Value != algorithm)
        {
            throw At(
                block,
                $"the key is {NameOf(algorithm)}, and that of the certificate is {NameOf(certificate.PublicKey.Oid.Value)}: "
                    + "it belongs to another certificate");
        }

        if (key is ECDsa curve && EllipticCurveForm.IsExplicit(curve, block))
        {
            throw At(block, $"the key describes its curve by parameters in place of its name, which is not read; convert it: {EllipticCurveForm.NameCurve}");
        }

        try
        {
            return key is RSA rsa ? certificate.CopyWithPrivateKey(rsa) : certificate.CopyWithPrivateKey((ECDsa)key);
        }
        catch (ArgumentException exception)
        {
            throw new TrustFileFault(
                $"line {block.Line}: the key is not the one of the first certificate: files of two issuances, or the leaf is not first", exception);
        }
    }

    private static X509Certificate2 Decrypt(X509Certificate2 certificate, PemBlock key, string password)
    {
        if (IsScrypt(key.Der))
        {
            throw At(key, $"the key is encrypted with scrypt, which is not read; convert it: {Convert8}");
        }

        // What kind of key it is shows when it is decrypted.
        foreach (var algorithm in (string[])[Rsa, EllipticCurve])
        {
            using var opened = Create(algorithm);
            try
            {
                opened.ImportEncryptedPkcs8PrivateKey(password, key.Der, out _);
            }
            catch (CryptographicException)
            {
                continue;
            }

            return Join(certificate, opened, key);
        }

        throw At(key, $"the key cannot be decrypted: KeyPassword is not its password, or its encryption is not read; set it anew: {Convert8}");
    }

    private static AsymmetricAlgorithm Create(string algorithm) => algorithm == Rsa ? RSA.Create() : ECDsa.Create();

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

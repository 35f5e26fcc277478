using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ZeroTrust.X509.Internal;

/// <summary>Verifies one signature with the platform's crypto.</summary>
internal static class SignatureCheck
{
    /// <summary>Whether a key of this kind can have made such a signature; asked before any work is spent on it.</summary>
    public static bool IsPossible(Certificate issuer, SignatureAlgorithm algorithm) =>
        algorithm.IsTaken()
        && issuer.Key.Kind != KeyKind.Refused
        && (algorithm >= SignatureAlgorithm.EcdsaSha256) == (issuer.Key.Kind != KeyKind.Rsa);

    public static bool Verify(Certificate issuer, SignatureAlgorithm algorithm, ReadOnlySpan<byte> signed, ReadOnlySpan<byte> signature)
    {
        var hash = HashOf(algorithm);
        try
        {
            if (issuer.Key.Kind == KeyKind.Rsa)
            {
                var padding = algorithm >= SignatureAlgorithm.RsaPssSha256 ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1;
                using var rsa = Rsa(issuer);
                return rsa.VerifyData(signed, signature, hash, padding);
            }

            using var ecdsa = Ecdsa(issuer);
            return ecdsa.VerifyData(signed, signature, hash, DSASignatureFormat.Rfc3279DerSequence);
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    private static HashAlgorithmName HashOf(SignatureAlgorithm algorithm) => algorithm switch
    {
        SignatureAlgorithm.RsaPkcs1Sha256 or SignatureAlgorithm.RsaPssSha256 or SignatureAlgorithm.EcdsaSha256 => HashAlgorithmName.SHA256,
        SignatureAlgorithm.RsaPkcs1Sha384 or SignatureAlgorithm.RsaPssSha384 or SignatureAlgorithm.EcdsaSha384 => HashAlgorithmName.SHA384,
        _ => HashAlgorithmName.SHA512,
    };

    private static RSA Rsa(Certificate issuer)
    {
        if (FromPlatform(issuer, static platform => platform.GetRSAPublicKey()) is { } parsed)
        {
            return parsed;
        }

        var rsa = RSA.Create();
        rsa.ImportSubjectPublicKeyInfo(issuer.Key.Encoded.Span, out _);
        return rsa;
    }

    private static ECDsa Ecdsa(Certificate issuer)
    {
        if (FromPlatform(issuer, static platform => platform.GetECDsaPublicKey()) is { } parsed)
        {
            return parsed;
        }

        var ecdsa = ECDsa.Create();
        ecdsa.ImportSubjectPublicKeyInfo(issuer.Key.Encoded.Span, out _);
        return ecdsa;
    }

    private static TKey? FromPlatform<TKey>(Certificate issuer, Func<X509Certificate2, TKey?> keyOf)
        where TKey : class
    {
        try
        {
            return issuer.Platform is { Handle: not 0 } platform ? keyOf(platform) : null;
        }
        catch (CryptographicException)
        {
            // Disposed by its owner meanwhile.
            return null;
        }
    }
}

using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ZeroTrust.Jose.Internal;

namespace ZeroTrust.Jose;

/// <summary>A public key that verifies signatures of exactly one algorithm.</summary>
/// <remarks>
/// The algorithm belongs to the key and never to the token, which is what stops a token from having an RSA key taken for an
/// HMAC secret (RFC 8725 section 3.1). Immutable and safe for concurrent use.
/// </remarks>
public sealed class JwsKey
{
    /// <summary>The shortest RSA key, in bits (RFC 7518 section 3.3).</summary>
    public const int MinRsaBits = 2048;

    /// <summary>The longest RSA key, in bits; above, one signature costs the verifier milliseconds.</summary>
    public const int MaxRsaBits = 8192;

    private readonly Func<AsymmetricAlgorithm> _open;
    private readonly int _signatureLength;
    private AsymmetricAlgorithm? _idle;

    private JwsKey(string algorithm, string? keyId, int signatureLength, Func<AsymmetricAlgorithm> open, AsymmetricAlgorithm idle)
    {
        Algorithm = algorithm;
        KeyId = keyId;
        _signatureLength = signatureLength;
        _open = open;
        _idle = idle;
    }

    /// <summary>The one algorithm, of <see cref="JwsAlgorithms"/>.</summary>
    public string Algorithm { get; }

    /// <summary>The key's <c>kid</c>; null when it has none.</summary>
    public string? KeyId { get; }

    /// <summary>The key of a certificate: ES256 for P-256, ES384 for P-384, PS256 for RSA.</summary>
    /// <param name="certificate">A certificate that somebody verified; it may be disposed afterwards.</param>
    /// <returns>The key; or <c>jose.key_unsupported</c>, <c>jose.key_size_refused</c> or <c>jose.key_invalid</c>.</returns>
    public static Verdict<JwsKey> FromCertificate(X509Certificate2 certificate)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        try
        {
            using var ec = certificate.GetECDsaPublicKey();
            if (ec is not null)
            {
                return FromEc(ec.ExportParameters(includePrivateParameters: false), keyId: null);
            }

            using var rsa = certificate.GetRSAPublicKey();
            return rsa is not null
                ? FromRsa(rsa.ExportParameters(includePrivateParameters: false), JwsAlgorithms.PS256, keyId: null)
                : JoseRejections.Refuse(JoseRejectionReason.KeyUnsupported, "The certificate's key is neither ECDSA nor RSA.");
        }
        catch (CryptographicException exception)
        {
            return JoseRejections.Refuse(JoseRejectionReason.KeyInvalid, exception.Message);
        }
    }

    /// <summary>Reads one public key (RFC 7517).</summary>
    /// <param name="utf8Json">The JWK.</param>
    /// <param name="rsaAlgorithm">The algorithm of an RSA key that does not state its own; OpenID Connect means RS256.</param>
    /// <returns>The key; or a <c>jose.*</c> rejection.</returns>
    public static Verdict<JwsKey> FromJwk(ReadOnlyMemory<byte> utf8Json, string rsaAlgorithm = JwsAlgorithms.RS256)
    {
        if (!StrictJson.ParseObject(utf8Json).TryGet(out var document, out var rejection))
        {
            return rejection;
        }

        using (document)
        {
            return JwkReader.Read(document.RootElement, rsaAlgorithm);
        }
    }

    internal static Verdict<JwsKey> FromEc(ECParameters parameters, string? keyId)
    {
        var (algorithm, signatureLength) = parameters.Curve.Oid?.Value switch
        {
            "1.2.840.10045.3.1.7" => (JwsAlgorithms.ES256, 64),
            "1.3.132.0.34" => (JwsAlgorithms.ES384, 96),
            _ => (null, 0),
        };
        return algorithm is null
            ? JoseRejections.Refuse(JoseRejectionReason.KeyUnsupported, "The curve is neither P-256 nor P-384.")
            : Open(algorithm, keyId, signatureLength, () => ECDsa.Create(parameters));
    }

    internal static Verdict<JwsKey> FromRsa(RSAParameters parameters, string algorithm, string? keyId)
    {
        var modulus = parameters.Modulus.AsSpan().TrimStart((byte)0);
        var bits = modulus.IsEmpty ? 0 : (modulus.Length * 8) - byte.LeadingZeroCount(modulus[0]);
        var exponent = parameters.Exponent.AsSpan().TrimStart((byte)0);
        var usable = exponent.Length is > 0 and <= 8 && (exponent[^1] & 1) == 1 && (exponent.Length > 1 || exponent[0] > 1);
        return bits is < MinRsaBits or > MaxRsaBits || !usable
            ? JoseRejections.Refuse(JoseRejectionReason.KeySizeRefused, $"The RSA key has {bits} bits, or an unusable exponent.")
            : Open(algorithm, keyId, (bits + 7) / 8, () => RSA.Create(parameters));
    }

    internal bool IsSignature(ReadOnlySpan<byte> input, ReadOnlySpan<byte> signature)
    {
        if (signature.Length != _signatureLength)
        {
            return false;
        }

        // One handle is kept for the next call; a concurrent call opens its own, because instances promise no thread safety.
        var key = Interlocked.Exchange(ref _idle, null) ?? _open();
        try
        {
            return Verify(key, input, signature);
        }
        catch (CryptographicException)
        {
            return false;
        }
        finally
        {
            Interlocked.Exchange(ref _idle, key)?.Dispose();
        }
    }

    internal string DescribeFailure(int length) => length == _signatureLength
        ? "The signature does not verify. It is over the first two parts as they are sent, with the dot between them."
        : $"The signature has {length} bytes, {Algorithm} by this key has {_signatureLength} "
            + "(RFC 7518 sections 3.4 and 3.5; R and S, no DER).";

    private static Verdict<JwsKey> Open(string algorithm, string? keyId, int signatureLength, Func<AsymmetricAlgorithm> open)
    {
        try
        {
            return new JwsKey(algorithm, keyId, signatureLength, open, open());
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException)
        {
            return JoseRejections.Refuse(JoseRejectionReason.KeyInvalid, exception.Message);
        }
    }

    private bool Verify(AsymmetricAlgorithm key, ReadOnlySpan<byte> input, ReadOnlySpan<byte> signature) => Algorithm switch
    {
        JwsAlgorithms.ES256 => ((ECDsa)key).VerifyData(input, signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation),
        JwsAlgorithms.ES384 => ((ECDsa)key).VerifyData(input, signature, HashAlgorithmName.SHA384, DSASignatureFormat.IeeeP1363FixedFieldConcatenation),
        JwsAlgorithms.PS256 => ((RSA)key).VerifyData(input, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pss),
        JwsAlgorithms.RS256 => ((RSA)key).VerifyData(input, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1),
        _ => false,
    };
}

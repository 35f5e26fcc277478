using System.Buffers;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace ZeroTrust.Jose;

/// <summary>A private key that signs compact JWSs with its one algorithm. Safe for concurrent use.</summary>
public sealed class JwsSigner : IDisposable
{
    // Relaxed only so that "+" in a type stays readable; the header never meets HTML.
    private static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly AsymmetricAlgorithm _key;
    private readonly string _referenceName;
    private readonly string _reference;
    private readonly Lock _gate = new();

    private JwsSigner(AsymmetricAlgorithm key, string algorithm, string referenceName, string reference)
    {
        _key = key;
        Algorithm = algorithm;
        _referenceName = referenceName;
        _reference = reference;
    }

    /// <summary>The one algorithm, of <see cref="JwsAlgorithms"/>.</summary>
    public string Algorithm { get; }

    /// <summary>Signs with the key of a certificate and names the certificate in <c>x5t#S256</c> (RFC 7515 section 4.1.8).</summary>
    /// <param name="certificate">The certificate with its private key; it may be disposed afterwards.</param>
    /// <exception cref="ArgumentException">There is no private key, or it is none of P-256, P-384 and RSA of at least 2048 bits.</exception>
    public static JwsSigner FromCertificate(X509Certificate2 certificate)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        if (!JwsKey.FromCertificate(certificate).TryGet(out var publicKey, out var rejection))
        {
            throw new ArgumentException(rejection.Detail, nameof(certificate));
        }

        AsymmetricAlgorithm? key = publicKey.Algorithm == JwsAlgorithms.PS256 ? certificate.GetRSAPrivateKey() : certificate.GetECDsaPrivateKey();
        return new JwsSigner(
            key ?? throw new ArgumentException("The certificate has no private key.", nameof(certificate)),
            publicKey.Algorithm,
            "x5t#S256",
            CanonicalBase64Url.Encode(certificate.GetCertHash(HashAlgorithmName.SHA256)));
    }

    /// <summary>Signs with an elliptic key and names it in <c>kid</c>.</summary>
    /// <param name="key">A P-256 or P-384 key. The signer disposes it.</param>
    /// <param name="keyId">The <c>kid</c>.</param>
    /// <exception cref="ArgumentException">The curve is not supported, or the id is empty.</exception>
    public static JwsSigner FromKey(ECDsa key, string keyId)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentException.ThrowIfNullOrEmpty(keyId);
        return JwsKey.FromEc(key.ExportParameters(includePrivateParameters: false), keyId).TryGet(out var publicKey, out var rejection)
            ? new JwsSigner(key, publicKey.Algorithm, "kid", keyId)
            : throw new ArgumentException(rejection.Detail, nameof(key));
    }

    /// <summary>Signs with an RSA key and names it in <c>kid</c>.</summary>
    /// <param name="key">A key of at least 2048 bits. The signer disposes it.</param>
    /// <param name="keyId">The <c>kid</c>.</param>
    /// <param name="algorithm">PS256, or RS256 for readers that know nothing better.</param>
    /// <exception cref="ArgumentException">The key, the id or the algorithm is not acceptable.</exception>
    public static JwsSigner FromKey(RSA key, string keyId, string algorithm = JwsAlgorithms.PS256)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentException.ThrowIfNullOrEmpty(keyId);
        if (algorithm is not (JwsAlgorithms.PS256 or JwsAlgorithms.RS256))
        {
            throw new ArgumentException("An RSA key signs with PS256 or RS256.", nameof(algorithm));
        }

        return JwsKey.FromRsa(key.ExportParameters(includePrivateParameters: false), algorithm, keyId).TryGet(out _, out var rejection)
            ? new JwsSigner(key, algorithm, "kid", keyId)
            : throw new ArgumentException(rejection.Detail, nameof(key));
    }

    /// <summary>Signs a payload; the header holds <c>alg</c>, <c>typ</c> and the reference to the key, nothing else.</summary>
    /// <param name="type">The <c>typ</c>, for example <c>txntoken+jwt</c>.</param>
    /// <param name="payload">The payload.</param>
    /// <returns>The compact serialization.</returns>
    public string Sign(string type, ReadOnlySpan<byte> payload)
    {
        ArgumentException.ThrowIfNullOrEmpty(type);
        var header = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(header, WriterOptions))
        {
            writer.WriteStartObject();
            writer.WriteString("alg", Algorithm);
            writer.WriteString("typ", type);
            writer.WriteString(_referenceName, _reference);
            writer.WriteEndObject();
        }

        var input = CanonicalBase64Url.Encode(header.WrittenSpan) + "." + CanonicalBase64Url.Encode(payload);
        return input + "." + CanonicalBase64Url.Encode(SignBytes(Encoding.ASCII.GetBytes(input)));
    }

    /// <inheritdoc/>
    public void Dispose() => _key.Dispose();

    private byte[] SignBytes(byte[] input)
    {
        lock (_gate)
        {
            return Algorithm switch
            {
                JwsAlgorithms.ES256 => ((ECDsa)_key).SignData(input, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation),
                JwsAlgorithms.ES384 => ((ECDsa)_key).SignData(input, HashAlgorithmName.SHA384, DSASignatureFormat.IeeeP1363FixedFieldConcatenation),
                JwsAlgorithms.PS256 => ((RSA)_key).SignData(input, HashAlgorithmName.SHA256, RSASignaturePadding.Pss),
                _ => ((RSA)_key).SignData(input, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1),
            };
        }
    }
}

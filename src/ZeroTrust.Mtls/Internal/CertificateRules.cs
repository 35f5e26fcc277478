using System.Formats.Asn1;
using System.Security.Cryptography.X509Certificates;

namespace ZeroTrust.Mtls.Internal;

/// <summary>What a certificate has to be for itself, apart from its path.</summary>
internal static class CertificateRules
{
    private const int MinRsaBits = 2048;
    private const int MaxRsaBits = 8192;
    private const string PssOid = "1.2.840.113549.1.1.10";

    private static readonly HashSet<string> StrongSignatures = new(StringComparer.Ordinal)
    {
        "1.2.840.10045.4.3.2", // ecdsa-with-SHA256
        "1.2.840.10045.4.3.3", // ecdsa-with-SHA384
        "1.2.840.10045.4.3.4", // ecdsa-with-SHA512
        "1.2.840.113549.1.1.11", // sha256WithRSAEncryption
        "1.2.840.113549.1.1.12", // sha384WithRSAEncryption
        "1.2.840.113549.1.1.13", // sha512WithRSAEncryption
    };

    private static readonly HashSet<string> StrongHashes = new(StringComparer.Ordinal)
    {
        "2.16.840.1.101.3.4.2.1",
        "2.16.840.1.101.3.4.2.2",
        "2.16.840.1.101.3.4.2.3",
    };

    private static readonly HashSet<string> StrongCurves = new(StringComparer.Ordinal)
    {
        "1.2.840.10045.3.1.7", // P-256
        "1.3.132.0.34", // P-384
        "1.3.132.0.35", // P-521
    };

    public static DateTimeOffset NotBefore(X509Certificate2 certificate) => new(certificate.NotBefore.ToUniversalTime(), TimeSpan.Zero);

    public static DateTimeOffset NotAfter(X509Certificate2 certificate) => new(certificate.NotAfter.ToUniversalTime(), TimeSpan.Zero);

    public static bool HasStrongKey(X509Certificate2 certificate)
    {
        using var rsa = certificate.GetRSAPublicKey();
        if (rsa is not null)
        {
            return rsa.KeySize is >= MinRsaBits and <= MaxRsaBits;
        }

        // The curve is read from the encoding: loading a key on an odd curve is what is to be avoided.
        try
        {
            return certificate.PublicKey.Oid.Value == "1.2.840.10045.2.1"
                && certificate.PublicKey.EncodedParameters is { } parameters
                && StrongCurves.Contains(AsnDecoder.ReadObjectIdentifier(parameters.RawData, AsnEncodingRules.DER, out _));
        }
        catch (AsnContentException)
        {
            return false;
        }
    }

    public static bool HasStrongSignature(X509Certificate2 certificate) =>
        certificate.SignatureAlgorithm.Value is { } oid
        && (StrongSignatures.Contains(oid) || (oid == PssOid && HasStrongPssHash(certificate.RawDataMemory)));

    /// <summary>What is wrong with an anchor, for a sentence that begins with "the anchor"; null when nothing is.</summary>
    public static string? AnchorDefect(X509Certificate2 anchor)
    {
        if (!IsCa(anchor))
        {
            return "is not a CA certificate";
        }

        if (!anchor.SubjectName.RawData.AsSpan().SequenceEqual(anchor.IssuerName.RawData))
        {
            return "is not self-signed";
        }

        return HasStrongKey(anchor) ? null : "has a weak key";
    }

    public static bool IsCa(X509Certificate2 certificate) =>
        certificate.Extensions.OfType<X509BasicConstraintsExtension>().Any(item => item.CertificateAuthority);

    private static bool HasStrongPssHash(ReadOnlyMemory<byte> certificate)
    {
        try
        {
            var outer = new AsnReader(certificate, AsnEncodingRules.DER).ReadSequence();
            outer.ReadEncodedValue();
            var algorithm = outer.ReadSequence();
            algorithm.ReadObjectIdentifier();
            var parameters = algorithm.ReadSequence();

            // RFC 4055 section 3.1: an absent hash means SHA-1.
            var hashTag = new Asn1Tag(TagClass.ContextSpecific, 0);
            return parameters.HasData
                && parameters.PeekTag().HasSameClassAndValue(hashTag)
                && StrongHashes.Contains(parameters.ReadSequence(hashTag).ReadSequence().ReadObjectIdentifier());
        }
        catch (AsnContentException)
        {
            return false;
        }
    }
}

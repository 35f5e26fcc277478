using System.Formats.Asn1;
using System.Security.Cryptography;
using ZeroTrust.Shared;

namespace ZeroTrust.Mtls.Sources;

/// <summary>Forms of EC keys that are right and not read.</summary>
internal static class EllipticCurveForm
{
    /// <summary>The command that names the curve.</summary>
    public const string NameCurve = "openssl ec -in FILE -param_enc named_curve -out FILE.pem";

    /// <summary>The command that writes the public key whole.</summary>
    public const string Uncompress = "openssl ec -in FILE -conv_form uncompressed -out FILE.pem";

    private static readonly Asn1Tag Curve = new(TagClass.ContextSpecific, 0, isConstructed: true);
    private static readonly Asn1Tag Point = new(TagClass.ContextSpecific, 1, isConstructed: true);

    /// <summary>Whether the curve is described rather than named, in the file or in what the platform made of it.</summary>
    public static bool IsExplicit(ECDsa key, PemBlock block) =>
        Read(block).IsExplicit || key.ExportParameters(includePrivateParameters: false).Curve.IsExplicit;

    /// <summary>Whether the public key is a compressed point (SEC 1, section 2.3.3).</summary>
    public static bool IsCompressed(PemBlock block) => Read(block).Point is [2 or 3, ..];

    private static (bool IsExplicit, byte[] Point) Read(PemBlock block)
    {
        try
        {
            var key = new AsnReader(block.Der, AsnEncodingRules.BER).ReadSequence();
            key.ReadInteger();
            var isExplicit = false;
            if (block.Label == PemBlock.PrivateKey)
            {
                var algorithm = key.ReadSequence();
                algorithm.ReadObjectIdentifier();
                isExplicit = IsSequence(algorithm);
                key = new AsnReader(key.ReadOctetString(), AsnEncodingRules.BER).ReadSequence();
                key.ReadInteger();
            }

            key.ReadOctetString();
            isExplicit |= Has(key, Curve) && IsSequence(key.ReadSequence(Curve));
            return (isExplicit, Has(key, Point) ? key.ReadSequence(Point).ReadBitString(out _) : []);
        }
        catch (AsnContentException)
        {
            return (false, []);
        }
    }

    private static bool Has(AsnReader reader, Asn1Tag tag) => reader.HasData && reader.PeekTag() == tag;

    private static bool IsSequence(AsnReader reader) => reader.HasData && reader.PeekTag() == Asn1Tag.Sequence;
}

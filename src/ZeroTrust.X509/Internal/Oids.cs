using System.Formats.Asn1;

namespace ZeroTrust.X509.Internal;

/// <summary>Object identifiers as the content octets of their DER, so that comparing one is comparing bytes.</summary>
internal static class Oids
{
    public static ReadOnlySpan<byte> SubjectKeyIdentifier => [0x55, 0x1D, 14];

    public static ReadOnlySpan<byte> KeyUsage => [0x55, 0x1D, 15];

    public static ReadOnlySpan<byte> SubjectAltName => [0x55, 0x1D, 17];

    public static ReadOnlySpan<byte> BasicConstraints => [0x55, 0x1D, 19];

    public static ReadOnlySpan<byte> CrlNumber => [0x55, 0x1D, 20];

    public static ReadOnlySpan<byte> ReasonCode => [0x55, 0x1D, 21];

    public static ReadOnlySpan<byte> InvalidityDate => [0x55, 0x1D, 24];

    public static ReadOnlySpan<byte> DeltaCrlIndicator => [0x55, 0x1D, 27];

    public static ReadOnlySpan<byte> IssuingDistributionPoint => [0x55, 0x1D, 28];

    public static ReadOnlySpan<byte> CertificateIssuer => [0x55, 0x1D, 29];

    public static ReadOnlySpan<byte> NameConstraints => [0x55, 0x1D, 30];

    public static ReadOnlySpan<byte> CrlDistributionPoints => [0x55, 0x1D, 31];

    public static ReadOnlySpan<byte> CertificatePolicies => [0x55, 0x1D, 32];

    public static ReadOnlySpan<byte> AnyPolicy => [0x55, 0x1D, 32, 0];

    public static ReadOnlySpan<byte> PolicyMappings => [0x55, 0x1D, 33];

    public static ReadOnlySpan<byte> AuthorityKeyIdentifier => [0x55, 0x1D, 35];

    public static ReadOnlySpan<byte> PolicyConstraints => [0x55, 0x1D, 36];

    public static ReadOnlySpan<byte> ExtendedKeyUsage => [0x55, 0x1D, 37];

    public static ReadOnlySpan<byte> AnyExtendedKeyUsage => [0x55, 0x1D, 37, 0];

    public static ReadOnlySpan<byte> InhibitAnyPolicy => [0x55, 0x1D, 54];

    public static ReadOnlySpan<byte> AuthorityInfoAccess => [0x2B, 6, 1, 5, 5, 7, 1, 1];

    public static ReadOnlySpan<byte> CommonName => [0x55, 4, 3];

    public static ReadOnlySpan<byte> EmailAddress => [0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 9, 1];

    /// <summary>id-on-SmtpUTF8Mailbox (RFC 9598 section 3).</summary>
    public static ReadOnlySpan<byte> SmtpUtf8Mailbox => [0x2B, 6, 1, 5, 5, 7, 8, 9];

    public static ReadOnlySpan<byte> RsaEncryption => [0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 1, 1];

    public static ReadOnlySpan<byte> MaskGeneration1 => [0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 1, 8];

    public static ReadOnlySpan<byte> RsaPss => [0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 1, 10];

    public static ReadOnlySpan<byte> Sha256WithRsa => [0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 1, 11];

    public static ReadOnlySpan<byte> Sha384WithRsa => [0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 1, 12];

    public static ReadOnlySpan<byte> Sha512WithRsa => [0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 1, 13];

    public static ReadOnlySpan<byte> EcPublicKey => [0x2A, 0x86, 0x48, 0xCE, 0x3D, 2, 1];

    public static ReadOnlySpan<byte> EcdsaWithSha256 => [0x2A, 0x86, 0x48, 0xCE, 0x3D, 4, 3, 2];

    public static ReadOnlySpan<byte> EcdsaWithSha384 => [0x2A, 0x86, 0x48, 0xCE, 0x3D, 4, 3, 3];

    public static ReadOnlySpan<byte> EcdsaWithSha512 => [0x2A, 0x86, 0x48, 0xCE, 0x3D, 4, 3, 4];

    public static ReadOnlySpan<byte> P256 => [0x2A, 0x86, 0x48, 0xCE, 0x3D, 3, 1, 7];

    public static ReadOnlySpan<byte> P384 => [0x2B, 0x81, 4, 0, 34];

    public static ReadOnlySpan<byte> P521 => [0x2B, 0x81, 4, 0, 35];

    public static ReadOnlySpan<byte> Sha256 => [0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1];

    public static ReadOnlySpan<byte> Sha384 => [0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 2];

    public static ReadOnlySpan<byte> Sha512 => [0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 3];

    /// <summary>X.690 section 8.19: every arc ends, and none begins with padding.</summary>
    public static bool IsWellFormed(ReadOnlySpan<byte> content)
    {
        var begins = true;
        foreach (var octet in content)
        {
            if (begins && octet == 0x80)
            {
                return false;
            }

            begins = (octet & 0x80) == 0;
        }

        return begins && !content.IsEmpty;
    }

    /// <summary>The content octets of a dotted identifier.</summary>
    /// <exception cref="ArgumentException">It is none.</exception>
    public static byte[] Encode(string dotted)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        writer.WriteObjectIdentifier(dotted);
        return new DerReader(writer.Encode()).Read(DerReader.ObjectIdentifier).ToArray();
    }

    /// <summary>The dotted form, for messages.</summary>
    public static string Format(ReadOnlySpan<byte> content)
    {
        try
        {
            byte[] encoded = [DerReader.ObjectIdentifier, (byte)content.Length, .. content];
            return AsnDecoder.ReadObjectIdentifier(encoded, AsnEncodingRules.DER, out _);
        }
        catch (AsnContentException)
        {
            return Convert.ToHexStringLower(content);
        }
    }
}

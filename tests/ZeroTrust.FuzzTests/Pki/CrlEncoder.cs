using System.Formats.Asn1;
using System.Numerics;
using System.Security.Cryptography;

namespace ZeroTrust.FuzzTests.Pki;

/// <summary>Writes and signs a plain complete CRL (RFC 5280 section 5.1).</summary>
internal static class CrlEncoder
{
    private const string CrlNumber = "2.5.29.20";
    private const string ReasonCode = "2.5.29.21";

    public static byte[] Encode(CertificateSpec issuer, DateTimeOffset thisUpdate, DateTimeOffset nextUpdate, params IReadOnlyList<BigInteger> revoked)
    {
        var algorithm = issuer.Key.AlgorithmOf(HashAlgorithmName.SHA256);
        var signed = ExtensionValues.Sequence(writer =>
        {
            writer.WriteInteger(1);
            writer.WriteEncodedValue(algorithm);
            writer.WriteEncodedValue(issuer.Subject);
            writer.WriteUtcTime(thisUpdate, twoDigitYearMax: 2049);
            writer.WriteUtcTime(nextUpdate, twoDigitYearMax: 2049);
            WriteEntries(writer, thisUpdate, revoked);
            using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 0)))
            using (writer.PushSequence())
            {
                var authority = ExtensionValues.AuthorityKeyIdentifier(issuer.Key.KeyId);
                WriteExtension(writer, authority.Oid, authority.Value);
                WriteExtension(writer, CrlNumber, [0x02, 0x01, 0x07]);
            }
        });
        return CertificateEncoder.Sign(signed, issuer.Key, HashAlgorithmName.SHA256, HashAlgorithmName.SHA256);
    }

    private static void WriteEntries(AsnWriter writer, DateTimeOffset date, IReadOnlyList<BigInteger> revoked)
    {
        if (revoked.Count == 0)
        {
            return;
        }

        using (writer.PushSequence())
        {
            foreach (var serial in revoked)
            {
                using (writer.PushSequence())
                {
                    writer.WriteInteger(serial);
                    writer.WriteUtcTime(date, twoDigitYearMax: 2049);
                    using (writer.PushSequence())
                    {
                        WriteExtension(writer, ReasonCode, [0x0A, 0x01, 0x01]);
                    }
                }
            }
        }
    }

    private static void WriteExtension(AsnWriter writer, string oid, byte[] value)
    {
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(oid);
            writer.WriteOctetString(value);
        }
    }
}

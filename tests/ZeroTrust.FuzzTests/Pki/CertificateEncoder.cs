using System.Formats.Asn1;
using System.Security.Cryptography;

namespace ZeroTrust.FuzzTests.Pki;

/// <summary>Writes and signs certificates (RFC 5280 section 4.1).</summary>
internal static class CertificateEncoder
{
    private static readonly Asn1Tag Context0 = new(TagClass.ContextSpecific, 0);
    private static readonly Asn1Tag Context3 = new(TagClass.ContextSpecific, 3);

    public static byte[] Encode(CertificateSpec spec) =>
        Sign(EncodeSigned(spec), spec.Signer, spec.Hash, spec.OuterHash ?? spec.Hash);

    /// <summary>Puts signed part, algorithm and a fresh signature together.</summary>
    public static byte[] Sign(byte[] signed, TestKey signer, HashAlgorithmName hash, HashAlgorithmName outerHash)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteEncodedValue(signed);
            writer.WriteEncodedValue(signer.AlgorithmOf(outerHash));
            writer.WriteBitString(signer.Sign(signed, hash));
        }

        return writer.Encode();
    }

    private static byte[] EncodeSigned(CertificateSpec spec)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            if (spec.Version != 1)
            {
                using (writer.PushSequence(Context0))
                {
                    writer.WriteInteger(spec.Version - 1);
                }
            }

            writer.WriteInteger(spec.Serial);
            writer.WriteEncodedValue(spec.Signer.AlgorithmOf(spec.Hash));
            writer.WriteEncodedValue(spec.IssuerName ?? spec.Issuer?.Subject ?? spec.Subject);
            using (writer.PushSequence())
            {
                WriteTime(writer, spec.NotBefore);
                WriteTime(writer, spec.NotAfter);
            }

            writer.WriteEncodedValue(spec.Subject);
            writer.WriteEncodedValue(spec.Key.PublicKey);
            WriteExtensions(writer, spec);
        }

        return writer.Encode();
    }

    /// <summary>RFC 5280 section 4.1.2.5: UTCTime through the year 2049.</summary>
    private static void WriteTime(AsnWriter writer, DateTimeOffset time)
    {
        if (time.Year is >= 1950 and < 2050)
        {
            writer.WriteUtcTime(time, twoDigitYearMax: 2049);
        }
        else
        {
            writer.WriteGeneralizedTime(time, omitFractionalSeconds: true);
        }
    }

    private static void WriteExtensions(AsnWriter writer, CertificateSpec spec)
    {
        List<ExtensionSpec> extensions = [.. spec.Extensions];
        if (spec.HasSubjectKeyId)
        {
            extensions.Add(ExtensionValues.SubjectKeyIdentifier(spec.Key.KeyId));
        }

        if (spec.HasAuthorityKeyId)
        {
            extensions.Add(ExtensionValues.AuthorityKeyIdentifier(spec.WrongAuthorityKeyId ?? (spec.Issuer?.Key ?? spec.Key).KeyId));
        }

        if (extensions.Count == 0)
        {
            return;
        }

        using (writer.PushSequence(Context3))
        using (writer.PushSequence())
        {
            foreach (var extension in extensions)
            {
                Write(writer, extension);
            }
        }
    }

    private static void Write(AsnWriter writer, ExtensionSpec extension)
    {
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(extension.Oid);
            if (extension.IsCritical)
            {
                writer.WriteBoolean(true);
            }

            writer.WriteOctetString(extension.Value);
        }
    }
}

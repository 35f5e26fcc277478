using System.Formats.Asn1;

namespace ZeroTrust.X509.Internal;

/// <summary>The algorithms a certificate or CRL may be signed with. Everything else, MD5, SHA-1 and DSA among it, is <see cref="Refused"/>.</summary>
internal enum SignatureAlgorithm
{
    Refused = 0,

    /// <summary>RSA-PSS with a strong hash and other parameters than the platform verifies.</summary>
    RefusedParameters,
    RsaPkcs1Sha256,
    RsaPkcs1Sha384,
    RsaPkcs1Sha512,
    RsaPssSha256,
    RsaPssSha384,
    RsaPssSha512,
    EcdsaSha256,
    EcdsaSha384,
    EcdsaSha512,
}

internal static class SignatureAlgorithms
{
    /// <summary>Reads the content of an AlgorithmIdentifier.</summary>
    /// <exception cref="AsnContentException">It is malformed.</exception>
    public static SignatureAlgorithm Read(ReadOnlyMemory<byte> content)
    {
        var reader = new DerReader(content);
        var oid = reader.ReadOid().Span;
        if (oid.SequenceEqual(Oids.RsaPss))
        {
            return ReadPss(reader);
        }

        var algorithm = true switch
        {
            _ when oid.SequenceEqual(Oids.EcdsaWithSha256) => SignatureAlgorithm.EcdsaSha256,
            _ when oid.SequenceEqual(Oids.EcdsaWithSha384) => SignatureAlgorithm.EcdsaSha384,
            _ when oid.SequenceEqual(Oids.EcdsaWithSha512) => SignatureAlgorithm.EcdsaSha512,
            _ when oid.SequenceEqual(Oids.Sha256WithRsa) => SignatureAlgorithm.RsaPkcs1Sha256,
            _ when oid.SequenceEqual(Oids.Sha384WithRsa) => SignatureAlgorithm.RsaPkcs1Sha384,
            _ when oid.SequenceEqual(Oids.Sha512WithRsa) => SignatureAlgorithm.RsaPkcs1Sha512,
            _ => SignatureAlgorithm.Refused,
        };

        // RFC 4055 section 5: NULL, and readers take it left out. RFC 5758 section 3.2: ECDSA has no parameters.
        if (algorithm is >= SignatureAlgorithm.RsaPkcs1Sha256 and <= SignatureAlgorithm.RsaPkcs1Sha512)
        {
            SkipNull(ref reader);
        }

        if (algorithm != SignatureAlgorithm.Refused)
        {
            reader.End();
        }

        return algorithm;
    }

    /// <summary>Whether a signature by it is looked at.</summary>
    public static bool IsTaken(this SignatureAlgorithm algorithm) => algorithm > SignatureAlgorithm.RefusedParameters;

    /// <summary>RFC 4055 section 3.1, of which only matching hashes and a salt as long as the hash are taken: the platform verifies no other.</summary>
    private static SignatureAlgorithm ReadPss(DerReader reader)
    {
        var pss = PssParameters.Read(reader);
        return pss switch
        {
            { Hash: SignatureAlgorithm.Refused } => SignatureAlgorithm.Refused,
            { Flaw: not null } => SignatureAlgorithm.RefusedParameters,
            _ => pss.Hash,
        };
    }

    public static void SkipNull(ref DerReader reader)
    {
        const byte Null = 0x05;
        if (reader.TryRead(Null, out var content) && !content.IsEmpty)
        {
            throw new AsnContentException("A NULL with content.");
        }
    }
}

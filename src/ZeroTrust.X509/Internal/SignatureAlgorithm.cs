using System.Formats.Asn1;

namespace ZeroTrust.X509.Internal;

/// <summary>The algorithms a certificate or CRL may be signed with. Everything else, MD5, SHA-1 and DSA among it, is <see cref="Refused"/>.</summary>
internal enum SignatureAlgorithm
{
    Refused = 0,
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

    /// <summary>RFC 4055 section 3.1, of which only matching hashes and a salt as long as the hash are taken.</summary>
    private static SignatureAlgorithm ReadPss(DerReader reader)
    {
        // Parameters left out mean SHA-1.
        if (!reader.TryRead(DerReader.Sequence, out var content))
        {
            return SignatureAlgorithm.Refused;
        }

        reader.End();
        var parameters = new DerReader(content);
        if (!parameters.TryRead(DerReader.ContextConstructed(0), out var hashField)
            || !parameters.TryRead(DerReader.ContextConstructed(1), out var maskField)
            || !parameters.TryRead(DerReader.ContextConstructed(2), out var saltField)
            || parameters.HasData)
        {
            return SignatureAlgorithm.Refused;
        }

        var (algorithm, length) = ReadHash(new DerReader(hashField));
        var mask = new DerReader(maskField).ReadInner(DerReader.Sequence);
        var salt = new DerReader(saltField).ReadCount();
        return mask.ReadOid().Span.SequenceEqual(Oids.MaskGeneration1) && ReadHash(mask).Algorithm == algorithm && salt == length
            ? algorithm
            : SignatureAlgorithm.Refused;
    }

    private static (SignatureAlgorithm Algorithm, int Length) ReadHash(DerReader reader)
    {
        var identifier = reader.ReadInner(DerReader.Sequence);
        reader.End();
        var oid = identifier.ReadOid().Span;
        SkipNull(ref identifier);
        identifier.End();
        return true switch
        {
            _ when oid.SequenceEqual(Oids.Sha256) => (SignatureAlgorithm.RsaPssSha256, 32),
            _ when oid.SequenceEqual(Oids.Sha384) => (SignatureAlgorithm.RsaPssSha384, 48),
            _ when oid.SequenceEqual(Oids.Sha512) => (SignatureAlgorithm.RsaPssSha512, 64),
            _ => (SignatureAlgorithm.Refused, 0),
        };
    }

    private static void SkipNull(ref DerReader reader)
    {
        const byte Null = 0x05;
        if (reader.TryRead(Null, out var content) && !content.IsEmpty)
        {
            throw new AsnContentException("A NULL with content.");
        }
    }
}

using System.Formats.Asn1;
using System.Globalization;

namespace ZeroTrust.X509.Internal;

/// <summary>The parameters of RSASSA-PSS (RFC 4055 section 3.1) as far as they decide: the hash, and what is wrong with the others.</summary>
/// <param name="Hash">The algorithm by its hash; refused where the hash is weaker than SHA-256.</param>
/// <param name="HashName">The hash, for messages.</param>
/// <param name="Flaw">What is not taken, as the middle of a sentence; null when nothing is wrong.</param>
internal readonly record struct PssParameters(SignatureAlgorithm Hash, string HashName, string? Flaw)
{
    /// <exception cref="AsnContentException">They are malformed.</exception>
    public static PssParameters Read(DerReader reader)
    {
        // Parameters left out mean SHA-1.
        if (!reader.TryRead(DerReader.Sequence, out var content))
        {
            return new(SignatureAlgorithm.Refused, "SHA-1", "the hash is left out, which means SHA-1");
        }

        reader.End();
        var parameters = new DerReader(content);
        if (!parameters.TryRead(DerReader.ContextConstructed(0), out var hashField))
        {
            return new(SignatureAlgorithm.Refused, "SHA-1", "the hash is left out, which means SHA-1");
        }

        var (hash, name, length) = ReadHash(new DerReader(hashField));
        if (hash == SignatureAlgorithm.Refused)
        {
            return new(hash, name, $"the hash is {name}, not SHA-256, SHA-384 or SHA-512");
        }

        var flaw = FindMaskFlaw(ref parameters, hash, name) ?? FindSaltFlaw(ref parameters, length);
        return new(hash, name, flaw ?? (parameters.HasData ? "the trailer field is not the default" : null));
    }

    private static string? FindMaskFlaw(ref DerReader parameters, SignatureAlgorithm hash, string name)
    {
        if (!parameters.TryRead(DerReader.ContextConstructed(1), out var field))
        {
            return "the mask generation is left out, which means MGF1 with SHA-1";
        }

        var mask = new DerReader(field).ReadInner(DerReader.Sequence);
        if (!mask.ReadOid().Span.SequenceEqual(Oids.MaskGeneration1))
        {
            return "the mask generation is not MGF1";
        }

        var (maskHash, maskName, _) = ReadHash(mask);
        return maskHash == hash ? null : $"the mask generation uses {maskName} where the hash is {name}";
    }

    private static string? FindSaltFlaw(ref DerReader parameters, int length)
    {
        if (!parameters.TryRead(DerReader.ContextConstructed(2), out var field))
        {
            return "the salt length is left out, which means 20 octets";
        }

        var salt = new DerReader(field).ReadCount();
        return salt == length
            ? null
            : string.Create(CultureInfo.InvariantCulture, $"the salt has {salt} octets where the hash has {length}");
    }

    private static (SignatureAlgorithm Algorithm, string Name, int Length) ReadHash(DerReader reader)
    {
        var identifier = reader.ReadInner(DerReader.Sequence);
        reader.End();
        var oid = identifier.ReadOid().Span;
        SignatureAlgorithms.SkipNull(ref identifier);
        identifier.End();
        return true switch
        {
            _ when oid.SequenceEqual(Oids.Sha256) => (SignatureAlgorithm.RsaPssSha256, "SHA-256", 32),
            _ when oid.SequenceEqual(Oids.Sha384) => (SignatureAlgorithm.RsaPssSha384, "SHA-384", 48),
            _ when oid.SequenceEqual(Oids.Sha512) => (SignatureAlgorithm.RsaPssSha512, "SHA-512", 64),
            _ => (SignatureAlgorithm.Refused, AlgorithmText.Name(oid), 0),
        };
    }
}

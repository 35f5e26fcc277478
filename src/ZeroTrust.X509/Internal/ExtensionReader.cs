using System.Formats.Asn1;

namespace ZeroTrust.X509.Internal;

/// <summary>Reads the extensions of a certificate (RFC 5280 section 4.2), each of which may be there once.</summary>
internal static class ExtensionReader
{
    private const int MaxExtensions = 64;

    /// <exception cref="AsnContentException">One of them is malformed or repeated.</exception>
    public static CertificateExtensions Read(ReadOnlyMemory<byte> content)
    {
        var result = new CertificateExtensions();
        var seen = new List<ReadOnlyMemory<byte>>(10);
        var list = new DerReader(content);
        var items = list.ReadInner(DerReader.Sequence);
        list.End();
        do
        {
            var item = items.ReadInner(DerReader.Sequence);
            var oid = item.ReadOid();
            var isCritical = item.ReadDefaultFalse();
            var value = item.Read(DerReader.OctetString);
            item.End();
            foreach (var earlier in seen)
            {
                if (earlier.Span.SequenceEqual(oid.Span))
                {
                    throw new MalformedExtensionException(oid, new AsnContentException("It is there twice (RFC 5280 section 4.2)."));
                }
            }

            seen.Add(oid);
            if (seen.Count > MaxExtensions)
            {
                throw new AsnContentException($"There are more than {MaxExtensions} extensions.");
            }

            if (!TryReadNamed(oid, value, isCritical, result) && isCritical)
            {
                result.UnknownCritical ??= oid;
            }
        }
        while (items.HasData);
        return result;
    }

    private static bool TryReadNamed(ReadOnlyMemory<byte> oid, ReadOnlyMemory<byte> value, bool isCritical, CertificateExtensions into)
    {
        try
        {
            return TryRead(oid.Span, value, isCritical, into);
        }
        catch (AsnContentException exception)
        {
            throw new MalformedExtensionException(oid, exception);
        }
    }

    private static bool TryRead(ReadOnlySpan<byte> oid, ReadOnlyMemory<byte> value, bool isCritical, CertificateExtensions into)
    {
        switch (true)
        {
            case true when oid.SequenceEqual(Oids.BasicConstraints):
                into.BasicConstraints = ReadBasicConstraints(Whole(value), isCritical);
                return true;
            case true when oid.SequenceEqual(Oids.KeyUsage):
                into.KeyUsage = ReadKeyUsage(value, isCritical);
                return true;
            case true when oid.SequenceEqual(Oids.ExtendedKeyUsage):
                into.ExtendedKeyUsage = new ExtendedKeyUsage(isCritical, ReadOids(Whole(value)));
                return true;
            case true when oid.SequenceEqual(Oids.SubjectAltName):
                into.SubjectAltName = new SubjectAltName(isCritical, GeneralName.ReadAll(WholeContent(value)));
                return true;
            case true when oid.SequenceEqual(Oids.AuthorityKeyIdentifier):
                into.AuthorityKeyIdentifier = ReadAuthorityKeyIdentifier(Whole(value), isCritical);
                return true;
            case true when oid.SequenceEqual(Oids.SubjectKeyIdentifier):
                into.SubjectKeyIdentifier = new SubjectKeyIdentifier(isCritical, ReadOctetString(value));
                return true;
            case true when oid.SequenceEqual(Oids.NameConstraints):
                into.NameConstraints = NameConstraintsReader.Read(Whole(value), isCritical);
                return true;
            case true when oid.SequenceEqual(Oids.CertificatePolicies):
                into.Policies = PolicyReader.ReadPolicies(Whole(value));
                return true;
            case true when oid.SequenceEqual(Oids.PolicyMappings):
                into.PolicyMappings = PolicyReader.ReadMappings(Whole(value));
                return true;
            case true when oid.SequenceEqual(Oids.PolicyConstraints):
                into.PolicyConstraints = PolicyReader.ReadConstraints(Whole(value), isCritical);
                return true;
            case true when oid.SequenceEqual(Oids.InhibitAnyPolicy):
                into.InhibitAnyPolicy = PolicyReader.ReadInhibitAny(value, isCritical);
                return true;
            case true when oid.SequenceEqual(Oids.CrlDistributionPoints):
                into.CrlDistributionPoints = DistributionPoint.ReadAll(WholeContent(value));
                return true;
            case true when oid.SequenceEqual(Oids.AuthorityInfoAccess):
                CheckAuthorityInfoAccess(Whole(value));
                into.AuthorityInfoAccessIsCritical = isCritical;
                return true;
            default:
                return false;
        }
    }

    private static ReadOnlyMemory<byte> WholeContent(ReadOnlyMemory<byte> value)
    {
        var reader = new DerReader(value);
        var content = reader.Read(DerReader.Sequence);
        reader.End();
        return content;
    }

    private static DerReader Whole(ReadOnlyMemory<byte> value) => new(WholeContent(value));

    private static BasicConstraints ReadBasicConstraints(DerReader reader, bool isCritical)
    {
        var isCa = reader.ReadDefaultFalse();
        int? length = reader.HasData ? reader.ReadCount() : null;
        reader.End();
        return !isCa && length is not null
            ? throw new AsnContentException("A path length on what is no CA.")
            : new BasicConstraints(isCritical, isCa, length);
    }

    private static KeyUsage ReadKeyUsage(ReadOnlyMemory<byte> value, bool isCritical)
    {
        var reader = new DerReader(value);
        var bits = reader.ReadNamedBits();
        reader.End();

        // RFC 5280 section 4.2.1.3: at least one of the bits is set.
        return bits != 0 ? new KeyUsage(isCritical, bits) : throw new AsnContentException("A key usage without a use.");
    }

    private static ReadOnlyMemory<byte>[] ReadOids(DerReader reader)
    {
        var oids = new List<ReadOnlyMemory<byte>>(2);
        do
        {
            oids.Add(reader.ReadOid());
        }
        while (reader.HasData);
        return [.. oids];
    }

    private static ReadOnlyMemory<byte> ReadOctetString(ReadOnlyMemory<byte> value)
    {
        var reader = new DerReader(value);
        var content = reader.Read(DerReader.OctetString);
        reader.End();
        return content;
    }

    private static AuthorityKeyIdentifier ReadAuthorityKeyIdentifier(DerReader reader, bool isCritical)
    {
        ReadOnlyMemory<byte>? keyId = reader.TryRead(DerReader.Context(0), out var id) ? id : default(ReadOnlyMemory<byte>?);
        ReadOnlyMemory<byte>? names =
            reader.TryRead(DerReader.ContextConstructed(1), out var issuer) ? issuer : default(ReadOnlyMemory<byte>?);
        ReadOnlyMemory<byte>? serial = reader.TryRead(DerReader.Context(2), out var number) ? number : default(ReadOnlyMemory<byte>?);
        reader.End();
        return new AuthorityKeyIdentifier(isCritical, keyId, names, serial);
    }

    /// <summary>RFC 5280 section 4.2.2.1: one or more descriptions of a method and a place. Nothing is ever fetched from there.</summary>
    private static void CheckAuthorityInfoAccess(DerReader reader)
    {
        do
        {
            var description = reader.ReadInner(DerReader.Sequence);
            description.ReadOid();
            GeneralName.Read(ref description);
            description.End();
        }
        while (reader.HasData);
    }
}

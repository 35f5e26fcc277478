using System.Formats.Asn1;
using System.Net;
using System.Text;

namespace ZeroTrust.X509.Internal;

/// <summary>One GeneralName (RFC 5280 section 4.2.1.6): its kind and its octets, and the name where it is a directory name.</summary>
internal readonly record struct GeneralName(GeneralNameKind Kind, ReadOnlyMemory<byte> Value, DistinguishedName? Directory)
{
    /// <summary>The value as text, of the kinds that are IA5String.</summary>
    public string Text => Encoding.ASCII.GetString(Value.Span);

    /// <exception cref="AsnContentException">It is not a GeneralName.</exception>
    public static GeneralName Read(ref DerReader reader)
    {
        var content = reader.ReadAny(out var tag, out _);
        var kind = (GeneralNameKind)(tag & 0x1F);
        if (kind == GeneralNameKind.Directory && tag == DerReader.ContextConstructed(4))
        {
            var inner = new DerReader(content);
            var name = DistinguishedName.Read(ref inner);
            inner.End();
            return new GeneralName(kind, content, name);
        }

        var wellFormed = kind switch
        {
            GeneralNameKind.Email or GeneralNameKind.Dns or GeneralNameKind.Uri => tag == DerReader.Context((int)kind) && Ascii.IsValid(content.Span),
            GeneralNameKind.IpAddress => tag == DerReader.Context(7),
            GeneralNameKind.RegisteredId => tag == DerReader.Context(8) && Oids.IsWellFormed(content.Span),
            GeneralNameKind.Other or GeneralNameKind.X400Address or GeneralNameKind.EdiParty => tag == DerReader.ContextConstructed((int)kind),
            _ => false,
        };
        return wellFormed ? new GeneralName(kind, content, Directory: null) : throw new AsnContentException("A general name is malformed.");
    }

    /// <summary>One or more names (GeneralNames), the content of their SEQUENCE.</summary>
    public static GeneralName[] ReadAll(ReadOnlyMemory<byte> content)
    {
        var reader = new DerReader(content);
        var names = new List<GeneralName>(2);
        do
        {
            names.Add(Read(ref reader));
        }
        while (reader.HasData);
        return [.. names];
    }

    /// <summary>For messages.</summary>
    public override string ToString() => Kind switch
    {
        GeneralNameKind.Directory => Directory!.ToString(),
        GeneralNameKind.IpAddress when Value.Length is 4 or 16 => new IPAddress(Value.Span).ToString(),
        GeneralNameKind.Email or GeneralNameKind.Dns or GeneralNameKind.Uri => Text,
        _ => $"{Kind} {Convert.ToHexStringLower(Value.Span)}",
    };
}

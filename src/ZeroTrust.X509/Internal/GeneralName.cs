using System.Formats.Asn1;
using System.Net;
using System.Text;

namespace ZeroTrust.X509.Internal;

/// <summary>One GeneralName (RFC 5280 section 4.2.1.6).</summary>
internal readonly struct GeneralName
{
    private readonly object? _read;

    private GeneralName(GeneralNameKind kind, ReadOnlyMemory<byte> value, object? read)
    {
        Kind = kind;
        Value = value;
        _read = read;
    }

    public GeneralNameKind Kind { get; }

    public ReadOnlyMemory<byte> Value { get; }

    /// <summary>The value as text, of the kinds that are IA5String; read once, since constraints compare it again and again.</summary>
    public string Text => _read as string ?? string.Empty;

    /// <summary>The value of a directory name; null for every other kind.</summary>
    public DistinguishedName? Directory => _read as DistinguishedName;

    /// <summary>The kind, for messages.</summary>
    public string KindText => Kind switch
    {
        GeneralNameKind.Dns => "DNS name",
        GeneralNameKind.Email => "mailbox",
        GeneralNameKind.Uri => "URI",
        GeneralNameKind.IpAddress => "IP address",
        GeneralNameKind.Directory => "directory name",
        _ => $"name of kind {Kind}",
    };

    public static GeneralName Of(DistinguishedName name) => new(GeneralNameKind.Directory, name.Encoded, name);

    public static GeneralName Of(GeneralNameKind kind, string text) => new(kind, Encoding.UTF8.GetBytes(text), text);

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
        if (!wellFormed)
        {
            throw new AsnContentException("A general name is malformed.");
        }

        var isText = kind is GeneralNameKind.Email or GeneralNameKind.Dns or GeneralNameKind.Uri;
        return new GeneralName(kind, content, isText ? Encoding.ASCII.GetString(content.Span) : null);
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

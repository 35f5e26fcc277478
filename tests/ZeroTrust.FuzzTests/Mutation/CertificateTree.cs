using System.Formats.Asn1;

namespace ZeroTrust.FuzzTests.Mutation;

/// <summary>A certificate as a tree, to look something up in it without a certificate reader; the one under test or another.</summary>
internal sealed class CertificateTree
{
    private const byte VersionTag = 0xA0;
    private const byte ExtensionsTag = 0xA3;

    private readonly DerNode _root;

    public CertificateTree(ReadOnlySpan<byte> encoded) =>
        _root = DerNode.TryParse(encoded) ?? throw new ArgumentException("Not DER.", nameof(encoded));

    /// <summary>The fields of the signed part.</summary>
    public List<DerNode> Fields => _root.Children![0].Children!;

    /// <summary>The value in an extension; null when the certificate has no such extension, or it holds no value.</summary>
    public DerNode? Extension(string oid)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        writer.WriteObjectIdentifier(oid);
        var wanted = writer.Encode();
        return Fields.Find(value => value.Tag == ExtensionsTag)?.Children?[0].Children?
            .Find(item => item.Children?[0].Encode().AsSpan().SequenceEqual(wanted) == true)?
            .Children?[^1].Children?[0];
    }

    /// <summary>The encoding of the signed part.</summary>
    public byte[] EncodeSigned() => _root.Children![0].Encode();

    /// <summary>The same certificate with another name as its subject and issuer.</summary>
    public byte[] WithName(DerNode name)
    {
        var copy = new CertificateTree(_root.Encode());
        var issuer = copy.Fields[0].Tag == VersionTag ? 3 : 2;
        copy.Fields[issuer] = name;
        copy.Fields[issuer + 2] = name;
        return copy._root.Encode();
    }
}

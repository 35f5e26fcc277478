using System.Security.Cryptography.X509Certificates;

namespace ZeroTrust.X509.Tests.Support;

/// <summary>Makes certificates field by field and really signs them, whatever the fields say.</summary>
internal sealed class CertificateForge
{
    public static readonly DateTimeOffset NotBefore = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
    public static readonly DateTimeOffset NotAfter = new(2030, 12, 31, 23, 59, 59, TimeSpan.Zero);

    private readonly List<ForgedExtension> _extensions = [];
    private readonly Dictionary<TbsField, byte[]> _raw = [];
    private byte[] _subject;
    private byte[]? _issuer;
    private byte[]? _outerAlgorithm;
    private ForgeKey _key = ForgeKey.P256();
    private bool _hasKeyIds = true;

    private CertificateForge(byte[] subject, params ForgedExtension[] extensions)
    {
        _subject = subject;
        _extensions.AddRange(extensions);
        Valid(NotBefore, NotAfter);
    }

    /// <summary>A CA that keeps every rule.</summary>
    public static CertificateForge Ca(string name) => Ca(Dn.Cn(name));

    public static CertificateForge Ca(byte[] subject) => new(subject, Ext.Ca(), Ext.KeyUsage(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign));

    /// <summary>A leaf of a server and client that keeps every rule.</summary>
    public static CertificateForge Leaf(string dnsName = "leaf.example.com") => new(
        Dn.Cn("Leaf"),
        Ext.KeyUsage(X509KeyUsageFlags.DigitalSignature),
        Ext.ExtendedKeyUsage(KeyPurposes.ServerAuth, KeyPurposes.ClientAuth),
        Ext.SubjectAltName(Gn.Dns(dnsName)));

    public CertificateForge Vary(Action<CertificateForge>? change)
    {
        change?.Invoke(this);
        return this;
    }

    public CertificateForge Key(ForgeKey key)
    {
        _key = key;
        return this;
    }

    /// <summary>Another public key than the one it was made with.</summary>
    public CertificateForge KeyInfo(byte[] publicKeyInfo) => Key(_key with { PublicKeyInfo = publicKeyInfo });

    public CertificateForge Subject(byte[] name)
    {
        _subject = name;
        return this;
    }

    /// <summary>Another issuer than the one that signs.</summary>
    public CertificateForge Issuer(byte[] name)
    {
        _issuer = name;
        return this;
    }

    public CertificateForge Serial(params byte[] content) => Raw(TbsField.Serial, Der.Tlv(0x02, content));

    public CertificateForge Valid(DateTimeOffset from, DateTimeOffset until) => Raw(TbsField.Validity, Der.Sequence(Der.Time(from), Der.Time(until)));

    /// <summary>The algorithm told outside the signed part; the signed one stays what the signer says.</summary>
    public CertificateForge OuterAlgorithm(byte[] identifier)
    {
        _outerAlgorithm = identifier;
        return this;
    }

    /// <summary>A field in any bytes; none leaves it out.</summary>
    public CertificateForge Raw(TbsField field, byte[] encoded)
    {
        _raw[field] = encoded;
        return this;
    }

    /// <summary>Adds an extension, in place of one of the same kind.</summary>
    public CertificateForge With(ForgedExtension extension)
    {
        Without(extension.Oid);
        _extensions.Add(extension);
        return this;
    }

    /// <summary>Adds an extension even where there is one of its kind.</summary>
    public CertificateForge Again(ForgedExtension extension)
    {
        _extensions.Add(extension);
        return this;
    }

    public CertificateForge Without(string oid)
    {
        _extensions.RemoveAll(extension => extension.Oid == oid);
        return this;
    }

    public CertificateForge WithoutKeyIds()
    {
        _hasKeyIds = false;
        return this;
    }

    public ForgedCertificate SelfSigned() => Sign(_subject, _key);

    public ForgedCertificate IssuedBy(ForgedCertificate issuer) => Sign(issuer.Subject, issuer.Key);

    private ForgedCertificate Sign(byte[] issuer, ForgeKey signer)
    {
        var signed = Der.Sequence(
            Field(TbsField.Version, () => Der.Tlv(0xA0, Der.Integer(2))),
            Field(TbsField.Serial, () => Der.Tlv(0x02, [1], _key.Id[..8])),
            Field(TbsField.Algorithm, () => signer.Algorithm),
            Field(TbsField.Issuer, () => _issuer ?? issuer),
            Field(TbsField.Validity, () => []),
            Field(TbsField.Subject, () => _subject),
            Field(TbsField.Key, () => _key.PublicKeyInfo),
            Field(TbsField.Extensions, () => Der.Tlv(0xA3, Der.Sequence([.. AllExtensions(signer).Select(extension => extension.Encode())]))));
        return new(Der.Sequence(signed, _outerAlgorithm ?? signer.Algorithm, Der.BitString(signer.Sign(signed))), _subject, _key);
    }

    private byte[] Field(TbsField field, Func<byte[]> usual) => _raw.TryGetValue(field, out var raw) ? raw : usual();

    private IEnumerable<ForgedExtension> AllExtensions(ForgeKey signer)
    {
        IEnumerable<ForgedExtension> keyIds = _hasKeyIds
            ? [Ext.SubjectKeyId(_key.Id), .. signer == _key ? Array.Empty<ForgedExtension>() : [Ext.AuthorityKeyId(signer.Id)]]
            : [];
        return _extensions.Concat(keyIds.Where(keyId => !_extensions.Exists(extension => extension.Oid == keyId.Oid)));
    }
}

using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ZeroTrust.FuzzTests.Chains;
using ZeroTrust.FuzzTests.Mutation;
using ZeroTrust.FuzzTests.Pki;
using ZeroTrust.X509;

namespace ZeroTrust.FuzzTests.Differential;

/// <summary>A chain we accept and the platform refuses, with the facts an explanation can rest on.</summary>
/// <remarks>The facts are looked up in the encodings, so that they depend on neither of the two.</remarks>
internal sealed class Disagreement
{
    private const byte RequireExplicitPolicy = 0x80;
    private const byte KeyIdentifier = 0x80;
    private const byte DirectoryName = 0xA4;

    private static readonly DerNode Nobody = DerNode.TryParse(DistinguishedNames.Empty)!;

    // What lies in these is passed over by us and decoded by the platform.
    private static readonly byte[] UnreadFields = [0x81, 0x82];
    private static readonly byte[] UnreadNames = [0xA0, 0xA3, 0xA5];
    private static readonly byte[] UnreadAuthority = [0xA1, 0x82];

    private readonly byte[][] _encodings;
    private readonly CertificateTree[] _path;

    public Disagreement(ChainCase chain, ValidatedPath path, PlatformVerdict platform)
    {
        Chain = chain;
        Path = path;
        Platform = platform;
        _encodings = [.. path.Certificates.Select(certificate => certificate.Der.ToArray())];
        _path = Array.ConvertAll(_encodings, encoding => new CertificateTree(encoding));
        OverOurPath = PlatformJudge.Judge(_encodings[0], _encodings[1..^1], [_encodings[^1]], chain.Time);
        OverAnchor = PlatformJudge.Judge(_encodings[^1], [], [_encodings[^1]], chain.Time);
    }

    public ChainCase Chain { get; }

    public ValidatedPath Path { get; }

    public PlatformVerdict Platform { get; }

    /// <summary>What the platform says when it is given nothing but the path we chose.</summary>
    public PlatformVerdict OverOurPath { get; }

    /// <summary>What the platform says when our anchor is the only certificate there is.</summary>
    public PlatformVerdict OverAnchor { get; }

    /// <summary>Whether a certificate of our path ends in the very second of the decision.</summary>
    public bool EndsInThisSecond => Path.Certificates.Any(certificate => certificate.NotAfter == Chain.Time);

    /// <summary>Whether a certificate of our path names another key identifier than its issuer's; the anchor's issuer is itself.</summary>
    public bool KeyIdentifiersDiffer => Enumerable.Range(0, _path.Length).Any(place =>
        _path[place].Extension(ExtensionValues.AuthorityKeyIdentifierOid)?.Children?.Find(value => value.Tag == KeyIdentifier) is { } wanted
        && _path[Math.Min(place + 1, _path.Length - 1)].Extension(ExtensionValues.SubjectKeyIdentifierOid) is { } held
        && !wanted.EncodeContent().AsSpan().SequenceEqual(held.EncodeContent()));

    public bool AuthorityAllowsAnyPurpose => _path.Skip(1).Any(authority =>
        authority.Extension(ExtensionValues.ExtendedKeyUsageOid) is { } usage
        && Holds(usage, ExtensionValues.AnyExtendedKeyUsage)
        && !Holds(usage, KeyPurposes.ServerAuth));

    public bool ExplicitPolicyMeetsAbsentPurposes =>
        Array.Exists(_path, certificate => certificate.Extension(ExtensionValues.PolicyConstraintsOid)?.Children is [{ Tag: RequireExplicitPolicy }, ..])
        && _path.Skip(1).Any(authority => authority.Extension(ExtensionValues.ExtendedKeyUsageOid) is null);

    public bool IntermediateIsSelfIssued => Path.Certificates.Skip(1).SkipLast(1).Any(certificate => certificate.IsSelfIssued);

    public bool CommonNameIsConstrained =>
        Path.Leaf.DnsNames.Count == 0
        && Path.Leaf.SubjectName.Contains("CN=", StringComparison.Ordinal)
        && _path.Skip(1).Any(authority => authority.Extension(ExtensionValues.NameConstraintsOid) is not null);

    /// <summary>Whether the platform reads the leaf and no key out of it.</summary>
    public bool LeafKeyIsUnusable
    {
        get
        {
            if (!IsReadable(_encodings[0]))
            {
                return false;
            }

            try
            {
                using var leaf = X509CertificateLoader.LoadCertificate(_encodings[0]);
                using var ecdsa = leaf.GetECDsaPublicKey();
                using var rsa = leaf.GetRSAPublicKey();
                return ecdsa is null && rsa is null;
            }
            catch (CryptographicException)
            {
                return true;
            }
        }
    }

    /// <summary>Whether a name keeps the platform from reading a member of our path, or its alternative names.</summary>
    public bool NameIsUnreadable =>
        (!Array.TrueForAll(_encodings, IsReadable) && Array.TrueForAll(_path, certificate => IsReadable(certificate.WithName(Nobody))))
        || Array.Exists(_path, certificate => certificate.Extension(ExtensionValues.SubjectAltNameOid)?.Children?
            .Exists(name => name is { Tag: DirectoryName, Children: [var inner] } && !IsReadable(_path[0].WithName(inner))) == true);

    /// <summary>Whether a member of our path holds something whose content we pass over.</summary>
    public bool HoldsUnreadFields => Array.Exists(_path, certificate =>
        Holds(certificate.Fields, UnreadFields)
        || Holds(certificate.Extension(ExtensionValues.SubjectAltNameOid)?.Children, UnreadNames)
        || Holds(certificate.Extension(ExtensionValues.AuthorityKeyIdentifierOid)?.Children, UnreadAuthority));

    public override string ToString() => string.Join(
        Environment.NewLine,
        Chain.ToString(),
        $"ours    {Path}",
        $"theirs  {Platform}",
        $"over our path: {OverOurPath}");

    private static bool IsReadable(byte[] encoding)
    {
        try
        {
            using var loaded = X509CertificateLoader.LoadCertificate(encoding);
            return true;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    private static bool Holds(List<DerNode>? values, byte[] tags) => values?.Exists(value => tags.Contains(value.Tag)) == true;

    private static bool Holds(DerNode usage, string purpose) => usage.Children?.Exists(held =>
        AsnDecoder.ReadObjectIdentifier(held.Encode(), AsnEncodingRules.DER, out _) == purpose) == true;
}

using System.Formats.Asn1;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ZeroTrust.X509.Internal;

namespace ZeroTrust.X509;

/// <summary>An X.509 certificate, read and not yet trusted. Immutable.</summary>
/// <remarks>Reading one proves nothing but that it is DER (RFC 5280 section 4.1); <see cref="PathValidator"/> decides the rest.</remarks>
public sealed class Certificate
{
    private const byte VersionTag = 0xA0;
    private const byte IssuerUniqueIdTag = 0x81;
    private const byte SubjectUniqueIdTag = 0x82;
    private const byte ExtensionsTag = 0xA3;

    private static readonly CertificateExtensions NoExtensions = new();

    private byte[]? _sha256;
    private byte[]? _keySha256;
    private bool? _isSelfIssued;

    private Certificate(ReadOnlyMemory<byte> der, X509Certificate2? platform, ref CertificatePart part)
    {
        Der = der;
        Platform = platform;
        var outer = new DerReader(der);
        var certificate = outer.ReadInner(DerReader.Sequence);
        outer.End();
        var tbs = new DerReader(certificate.Read(DerReader.Sequence, out var signed));
        Signed = signed;
        part = CertificatePart.SignatureAlgorithm;
        AlgorithmIdentifier = certificate.Read(DerReader.Sequence, out var outerAlgorithm);
        part = CertificatePart.Signature;
        Signature = certificate.ReadOctets();
        certificate.End();

        // Version 1 is the default and so left out.
        part = CertificatePart.Version;
        Version = tbs.TryRead(VersionTag, out var version) ? ReadVersion(version) : 1;
        part = CertificatePart.SerialNumber;
        Serial = tbs.ReadInteger();
        part = CertificatePart.SignatureAlgorithm;
        tbs.Read(DerReader.Sequence, out var innerAlgorithm);
        AlgorithmsAgree = innerAlgorithm.Span.SequenceEqual(outerAlgorithm.Span);
        SignatureAlgorithm = SignatureAlgorithms.Read(AlgorithmIdentifier);
        part = CertificatePart.Issuer;
        Issuer = DistinguishedName.Read(ref tbs);
        part = CertificatePart.Validity;
        var validity = tbs.ReadInner(DerReader.Sequence);
        NotBefore = validity.ReadTime();
        NotAfter = validity.ReadTime();
        validity.End();
        part = CertificatePart.Subject;
        Subject = DistinguishedName.Read(ref tbs);
        part = CertificatePart.SubjectPublicKeyInfo;
        Key = PublicKeyInfo.Read(ref tbs);
        part = CertificatePart.UniqueIdentifiers;
        tbs.TryRead(IssuerUniqueIdTag, out _);
        tbs.TryRead(SubjectUniqueIdTag, out _);
        part = CertificatePart.Extensions;
        Extensions = tbs.TryRead(ExtensionsTag, out var extensions) ? ExtensionReader.Read(extensions) : NoExtensions;
        tbs.End();
    }

    /// <summary>The encoding.</summary>
    public ReadOnlyMemory<byte> Der { get; }

    /// <summary>The serial number, big-endian two's complement.</summary>
    public ReadOnlyMemory<byte> Serial { get; }

    /// <summary>The first moment of the validity.</summary>
    public DateTimeOffset NotBefore { get; }

    /// <summary>The last moment of the validity; the whole second belongs to it.</summary>
    public DateTimeOffset NotAfter { get; }

    /// <summary>The subject, spelled for people.</summary>
    public string SubjectName => Subject.ToString();

    /// <summary>The issuer, spelled for people.</summary>
    public string IssuerName => Issuer.ToString();

    /// <summary>SHA-256 of the encoding.</summary>
    public ReadOnlyMemory<byte> Sha256 => _sha256 ??= SHA256.HashData(Der.Span);

    /// <summary>The DNS names of the subject alternative name, as spelled there.</summary>
    public IReadOnlyList<string> DnsNames => Texts(GeneralNameKind.Dns);

    /// <summary>The URIs of the subject alternative name, as spelled there.</summary>
    public IReadOnlyList<string> UriNames => Texts(GeneralNameKind.Uri);

    /// <summary>The mailboxes of the subject alternative name, as spelled there.</summary>
    public IReadOnlyList<string> EmailNames => Texts(GeneralNameKind.Email);

    /// <summary>The IP addresses of the subject alternative name; those of an impossible length are left out, and refused in a path.</summary>
    public IReadOnlyList<IPAddress> IpAddresses =>
        [.. Names.Where(name => name.Kind == GeneralNameKind.IpAddress && name.Value.Length is 4 or 16).Select(name => new IPAddress(name.Value.Span))];

    /// <summary>Whether the basic constraints say it is a CA (RFC 5280 section 4.2.1.9).</summary>
    public bool IsCa => Extensions.BasicConstraints is { IsCa: true };

    /// <summary>What the key may be used for (RFC 5280 section 4.2.1.3); null when the certificate does not say.</summary>
    public X509KeyUsageFlags? KeyUsage => Extensions.KeyUsage?.Flags;

    /// <summary>Whether the certificate says so critically; false when it does not say.</summary>
    public bool IsKeyUsageCritical => Extensions.KeyUsage is { IsCritical: true };

    /// <summary>Whether subject and issuer are one name, which is not to say that it signed itself (RFC 5280 section 3.2).</summary>
    public bool IsSelfIssued => _isSelfIssued ??= Subject.Equals(Issuer);

    internal int Version { get; }

    internal bool AlgorithmsAgree { get; }

    internal SignatureAlgorithm SignatureAlgorithm { get; }

    /// <summary>The content of the AlgorithmIdentifier, to say what is wrong with it.</summary>
    internal ReadOnlyMemory<byte> AlgorithmIdentifier { get; }

    internal ReadOnlyMemory<byte> Signed { get; }

    internal ReadOnlyMemory<byte> Signature { get; }

    internal DistinguishedName Issuer { get; }

    internal DistinguishedName Subject { get; }

    internal PublicKeyInfo Key { get; }

    internal CertificateExtensions Extensions { get; }

    internal bool HasExtensions => !ReferenceEquals(Extensions, NoExtensions);

    internal GeneralName[] Names => Extensions.SubjectAltName?.Names ?? [];

    /// <summary>The platform's object of the same bytes, whose parsed key saves importing ours; it may have been disposed meanwhile.</summary>
    internal X509Certificate2? Platform { get; }

    internal ReadOnlyMemory<byte> KeySha256 => _keySha256 ??= SHA256.HashData(Key.Encoded.Span);

    /// <summary>Reads a certificate.</summary>
    /// <param name="der">The encoding, kept and not copied: it must not change afterwards.</param>
    /// <returns>The certificate, or <c>x509.malformed</c>.</returns>
    public static Verdict<Certificate> Read(ReadOnlyMemory<byte> der) => Read(der, platform: null);

    /// <summary>Reads a certificate the platform has parsed already, and takes its key object for signatures while that is not disposed.</summary>
    /// <param name="platform">The platform's certificate; borrowed.</param>
    /// <returns>The certificate, or <c>x509.malformed</c> or <c>x509.key_disagreement</c>.</returns>
    /// <remarks>The platform proved possession of the key it read; were ours another one, the proof would be of somebody else.</remarks>
    public static Verdict<Certificate> From(X509Certificate2 platform)
    {
        ArgumentNullException.ThrowIfNull(platform);
        var verdict = Read(platform.RawDataMemory, platform);
        return verdict.IsAccepted && !SameKey(verdict.Value.Key, platform)
            ? Refusal.Of(
                verdict.Value,
                X509RejectionReason.KeyDisagreement,
                "The platform reads another public key (RFC 5280 section 4.1.2.7).").ToRejection("a certificate")
            : verdict;
    }

    /// <summary>Whether the extended key usage names the purpose (RFC 5280 section 4.2.1.12); false when the certificate has none.</summary>
    /// <param name="purpose">The dotted object identifier; <see cref="KeyPurposes"/> names the usual ones.</param>
    public bool HoldsPurpose(string purpose)
    {
        ArgumentNullException.ThrowIfNull(purpose);
        return Extensions.ExtendedKeyUsage is { } usage && usage.Holds(KeyPurposes.Encode(purpose)!);
    }

    /// <summary>The subject and the hash, for logs.</summary>
    public override string ToString() => $"{SubjectName} ({Convert.ToHexStringLower(Sha256.Span)})";

    /// <summary>A copy that owns the platform's object, for certificates that are verified with again and again.</summary>
    internal Certificate Retain()
    {
        if (Key.Kind == KeyKind.Refused)
        {
            return this;
        }

        try
        {
            var copy = From(X509CertificateLoader.LoadCertificate(Der.Span));
            return copy.IsAccepted ? copy.Value : this;
        }
        catch (CryptographicException)
        {
            return this;
        }
    }

    private static Verdict<Certificate> Read(ReadOnlyMemory<byte> der, X509Certificate2? platform)
    {
        var part = CertificatePart.Certificate;
        try
        {
            return new Certificate(der, platform, ref part);
        }
        catch (AsnContentException exception)
        {
            return Malformed(der, part, exception);
        }
    }

    private static Rejection Malformed(ReadOnlyMemory<byte> der, CertificatePart part, AsnContentException exception)
    {
        var (name, section) = exception is MalformedExtensionException { Oid: { IsEmpty: false } oid }
            ? CertificateParts.DescribeExtension(oid.Span)
            : CertificateParts.Describe(part);
        var spelled = exception is MalformedExtensionException extension ? $"{name} ({Oids.Format(extension.Oid.Span)})" : name;
        return X509Rejections.Refuse(
            X509RejectionReason.Malformed,
            $"The {spelled} cannot be read (RFC 5280 section {section}): {exception.Message} "
            + $"This is a certificate {CertificateText.OfMalformed(der)}.");
    }

    private static bool SameKey(PublicKeyInfo key, X509Certificate2 platform) =>
        key.Key.Span.SequenceEqual(platform.GetPublicKey())
        && key.Parameters.Span.SequenceEqual(platform.GetKeyAlgorithmParameters() ?? [])
        && (key.Kind == KeyKind.Refused || platform.GetKeyAlgorithm() == (key.Kind == KeyKind.Rsa ? PublicKeyInfo.RsaOid : PublicKeyInfo.EcOid));

    private static int ReadVersion(ReadOnlyMemory<byte> content)
    {
        var reader = new DerReader(content);
        var version = reader.ReadCount();
        reader.End();
        return version == 0 ? throw new AsnContentException("The default version is encoded.") : version + 1;
    }

    private string[] Texts(GeneralNameKind kind) => [.. Names.Where(name => name.Kind == kind).Select(name => name.Text)];
}

using System.Formats.Asn1;
using System.Security.Cryptography;
using ZeroTrust.Shared;
using ZeroTrust.X509.Internal;

namespace ZeroTrust.X509;

/// <summary>A CRL, read and not yet trusted (RFC 5280 section 5). Immutable; finding a serial number costs O(log n).</summary>
/// <remarks>
/// One that is DER and yet breaks a rule of RFC 5280 section 5, or holds a critical extension we do not know, is read and never used:
/// certificates it would have told of then have no known status.
/// </remarks>
public sealed class CertificateRevocationList
{
    private const byte ExtensionsTag = 0xA0;
    private const int Version2 = 1;

    private readonly CrlEntries _entries;
    private readonly CrlExtensions _extensions;
    private readonly ReadOnlyMemory<byte> _algorithm;
    private byte[]? _sha256;

    private CertificateRevocationList(ReadOnlyMemory<byte> der)
    {
        Der = der;
        var outer = new DerReader(der);
        var list = outer.ReadInner(DerReader.Sequence);
        outer.End();
        var tbs = new DerReader(list.Read(DerReader.Sequence, out var signed));
        Signed = signed;
        _algorithm = list.Read(DerReader.Sequence, out var outerAlgorithm);
        Signature = list.ReadOctets();
        list.End();

        // Version 1 has no version field.
        var version = tbs.NextIs(DerReader.Integer) ? tbs.ReadCount() : 0;
        tbs.Read(DerReader.Sequence, out var innerAlgorithm);
        AlgorithmsAgree = innerAlgorithm.Span.SequenceEqual(outerAlgorithm.Span);
        SignatureAlgorithm = SignatureAlgorithms.Read(_algorithm);
        Issuer = DistinguishedName.Read(ref tbs);
        ThisUpdate = tbs.ReadTime();
        NextUpdate = tbs.NextIs(DerReader.UtcTime) || tbs.NextIs(DerReader.GeneralizedTime) ? tbs.ReadTime() : null;
        ReadOnlyMemory<byte>? entries = tbs.TryRead(DerReader.Sequence, out var content) ? content : null;
        _extensions = tbs.TryRead(ExtensionsTag, out var extensions) ? CrlExtensions.Read(extensions) : new CrlExtensions();
        tbs.End();
        _entries = CrlEntryReader.Read(der, Issuer, entries);
        Defect = FindDefect(version);
    }

    /// <summary>The encoding.</summary>
    public ReadOnlyMemory<byte> Der { get; }

    /// <summary>The moment it was issued.</summary>
    public DateTimeOffset ThisUpdate { get; }

    /// <summary>The moment by which the next one is issued; null makes it unusable (RFC 5280 section 5.1.2.5).</summary>
    public DateTimeOffset? NextUpdate { get; }

    /// <summary>The issuer, spelled for people.</summary>
    public string IssuerName => Issuer.ToString();

    /// <summary>The number of entries.</summary>
    public int Count => _entries.Count;

    /// <summary>SHA-256 of the encoding.</summary>
    public ReadOnlyMemory<byte> Sha256 => _sha256 ??= SHA256.HashData(Der.Span);

    /// <summary>Why it is never used, to follow "because"; null when nothing is wrong with it.</summary>
    public string? Defect { get; }

    internal DistinguishedName Issuer { get; }

    internal SignatureAlgorithm SignatureAlgorithm { get; }

    internal bool AlgorithmsAgree { get; }

    internal ReadOnlyMemory<byte> Signed { get; }

    internal ReadOnlyMemory<byte> Signature { get; }

    internal ReadOnlyMemory<byte>? AuthorityKeyIdentifier => _extensions.AuthorityKeyIdentifier;

    internal ReadOnlyMemory<byte>? KeyId => _extensions.KeyId;

    internal CrlNumber? Number => _extensions.Number;

    /// <summary>The number of the complete CRL it begins at; null in complete CRLs.</summary>
    internal CrlNumber? BaseNumber => _extensions.BaseNumber;

    internal bool IsDelta => BaseNumber is not null;

    internal IssuingDistributionPoint? IssuingDistributionPoint => _extensions.IssuingDistributionPoint;

    internal bool IsIndirect => IssuingDistributionPoint is { IsIndirect: true };

    /// <summary>Reads a CRL.</summary>
    /// <param name="der">The encoding, kept and not copied: it must not change afterwards.</param>
    /// <returns>The CRL, or <c>x509.malformed</c>.</returns>
    public static Verdict<CertificateRevocationList> Read(ReadOnlyMemory<byte> der)
    {
        try
        {
            return new CertificateRevocationList(der);
        }
        catch (AsnContentException exception)
        {
            return X509Rejections.Refuse(
                X509RejectionReason.Malformed,
                $"Not a CRL: {exception.Message} (RFC 5280 section 5.1). It is {CertificateText.OfMalformedCrl(der)}.");
        }
    }

    /// <summary>Whether another one takes the place of this one: by its CRL number and its time (RFC 5280 section 5.2.3).</summary>
    /// <param name="other">
    /// The other CRL. One of another issuer, key, distribution point or kind (complete or delta) does not compare.
    /// </param>
    /// <returns>
    /// Whether the other has the higher number and no earlier time, or the same number and a later time. Where number and time contradict
    /// each other, neither takes the other's place, and both are asked.
    /// </returns>
    /// <remarks>A signature does not tell a CRL of yesterday from one of today; who replaces one has to ask this.</remarks>
    public bool Precedes(CertificateRevocationList other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (IsDelta != other.IsDelta || !CrlScope.AreSame(this, other))
        {
            return false;
        }

        var (isBelow, isAbove) = Number is { } number && other.Number is { } last ? (number.IsBelow(last), last.IsBelow(number)) : (false, false);
        return ThisUpdate <= other.ThisUpdate && !isAbove && (isBelow || ThisUpdate < other.ThisUpdate);
    }

    /// <summary>The issuer, the time and the number of entries, for logs.</summary>
    public override string ToString() => $"{LogText.Fact(IssuerName)} ({ThisUpdate:u}, {Count} entries)";

    internal bool IsSameAs(CertificateRevocationList other) => Der.Span.SequenceEqual(other.Der.Span);

    /// <summary>What it says about a certificate; null when it does not list it.</summary>
    internal RevokedEntry? Find(DistinguishedName certificateIssuer, ReadOnlySpan<byte> serial) => _entries.Find(certificateIssuer, serial);

    private string? FindDefect(int version) => true switch
    {
        _ when version == 0 => "its version is 1, which has no CRL number, and not 2 (RFC 5280 section 5.1.2.1)",
        _ when version != Version2 => $"its version is {version + 1L}, not 2 (RFC 5280 section 5.1.2.1)",
        _ when !AlgorithmsAgree => "its inner and outer signature algorithm differ (RFC 5280 section 5.1.1.2)",
        _ when !SignatureAlgorithm.IsTaken() => $"its signature is refused: {AlgorithmText.WhyRefused(_algorithm).TrimEnd('.')}",
        _ when Issuer.IsEmpty => "its issuer is empty (RFC 5280 section 5.1.2.3)",
        _ when NextUpdate is null => "it does not say when the next one comes (RFC 5280 section 5.1.2.5)",
        _ when Number is null => "it has no CRL number (RFC 5280 section 5.2.3)",
        _ when _entries.HoldRemovals && !IsDelta => "it takes entries back without being a delta CRL (RFC 5280 section 5.3.1)",
        _ when _entries.NameIssuers && !IsIndirect => "it names certificate issuers without being an indirect CRL (RFC 5280 section 5.3.3)",
        _ => _extensions.Defect ?? _entries.Defect,
    };
}

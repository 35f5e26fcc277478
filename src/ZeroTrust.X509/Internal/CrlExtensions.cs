using System.Formats.Asn1;

namespace ZeroTrust.X509.Internal;

/// <summary>The extensions of a CRL (RFC 5280 section 5.2). Null where one is absent.</summary>
internal sealed class CrlExtensions
{
    private const int MaxExtensions = 64;

    /// <summary>The extension authorityKeyIdentifier as it is encoded; a delta CRL has the same as its complete CRL.</summary>
    public ReadOnlyMemory<byte>? AuthorityKeyIdentifier { get; private set; }

    /// <summary>The identifier of the key that signed, if the extension tells it.</summary>
    public ReadOnlyMemory<byte>? KeyId { get; private set; }

    public CrlNumber? Number { get; private set; }

    /// <summary>The number of the complete CRL a delta CRL begins at; null in complete CRLs.</summary>
    public CrlNumber? BaseNumber { get; private set; }

    public IssuingDistributionPoint? IssuingDistributionPoint { get; private set; }

    /// <summary>Why the CRL cannot be used; null when the extensions are sound.</summary>
    public string? Defect { get; private set; }

    /// <exception cref="AsnContentException">One of them is malformed or repeated.</exception>
    public static CrlExtensions Read(ReadOnlyMemory<byte> content)
    {
        var result = new CrlExtensions();
        var seen = new List<ReadOnlyMemory<byte>>(4);
        var list = new DerReader(content);
        var items = list.ReadInner(DerReader.Sequence);
        list.End();
        do
        {
            var extension = CrlExtension.Read(ref items);
            if (seen.Exists(earlier => earlier.Span.SequenceEqual(extension.Oid.Span)))
            {
                throw new AsnContentException($"The extension {Oids.Format(extension.Oid.Span)} is there twice (RFC 5280 section 5.2).");
            }

            if (seen.Count == MaxExtensions)
            {
                throw new AsnContentException($"There are more than {MaxExtensions} extensions.");
            }

            seen.Add(extension.Oid);
            result.Add(extension);
        }
        while (items.HasData);
        return result;
    }

    private void Add(CrlExtension extension)
    {
        var oid = extension.Oid.Span;
        switch (true)
        {
            case true when oid.SequenceEqual(Oids.AuthorityKeyIdentifier):
                AuthorityKeyIdentifier = extension.Value;
                KeyId = ReadKeyId(extension.Value);
                Require(!extension.IsCritical, "its authority key identifier is critical (RFC 5280 section 5.2.1)");
                break;
            case true when oid.SequenceEqual(Oids.CrlNumber):
                Number = CrlNumber.Read(extension.Value);
                Require(Number.Value.Flaw is null, $"its CRL number {Number.Value.Flaw} (RFC 5280 section 5.2.3)");
                Require(!extension.IsCritical, "its CRL number is critical (RFC 5280 section 5.2.3)");
                break;
            case true when oid.SequenceEqual(Oids.DeltaCrlIndicator):
                BaseNumber = CrlNumber.Read(extension.Value);
                Require(
                    BaseNumber.Value.Flaw is null,
                    $"the number its delta CRL indicator holds {BaseNumber.Value.Flaw} (RFC 5280 section 5.2.4)");
                Require(extension.IsCritical, "its delta CRL indicator is not critical (RFC 5280 section 5.2.4)");
                break;
            case true when oid.SequenceEqual(Oids.IssuingDistributionPoint):
                IssuingDistributionPoint = IssuingDistributionPoint.Read(extension.Value);
                Require(extension.IsCritical, "its issuing distribution point is not critical (RFC 5280 section 5.2.5)");
                Require(!IssuingDistributionPoint.IsEmpty, "its issuing distribution point says nothing (RFC 5280 section 5.2.5)");
                Require(
                    !IssuingDistributionPoint.IsContradictory,
                    "its issuing distribution point limits it to more than one kind of certificates (RFC 5280 section 5.2.5)");
                break;
            default:
                Require(!extension.IsCritical, $"its extension {Oids.Format(oid)} is critical and unknown (RFC 5280 section 5.2)");
                break;
        }
    }

    private void Require(bool condition, string otherwise) => Defect ??= condition ? null : otherwise;

    private static ReadOnlyMemory<byte>? ReadKeyId(ReadOnlyMemory<byte> value)
    {
        var whole = new DerReader(value);
        var fields = whole.ReadInner(DerReader.Sequence);
        whole.End();
        ReadOnlyMemory<byte>? keyId = fields.TryRead(DerReader.Context(0), out var id) ? id : default(ReadOnlyMemory<byte>?);
        fields.TryRead(DerReader.ContextConstructed(1), out _);
        fields.TryRead(DerReader.Context(2), out _);
        fields.End();
        return keyId;
    }
}

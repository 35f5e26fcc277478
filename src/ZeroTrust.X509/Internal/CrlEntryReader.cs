using System.Formats.Asn1;

namespace ZeroTrust.X509.Internal;

/// <summary>Reads revokedCertificates and the extensions of its entries (RFC 5280 sections 5.1.2.6 and 5.3).</summary>
internal sealed class CrlEntryReader
{
    private readonly ReadOnlyMemory<byte> _der;
    private readonly List<CrlEntry> _entries = [];
    private readonly Dictionary<DistinguishedName, int> _issuers;
    private ReadOnlyMemory<byte> _lastIssuerNames;
    private int _issuer;
    private bool _nameIssuers;
    private bool _holdRemovals;
    private string? _defect;

    private CrlEntryReader(ReadOnlyMemory<byte> der, DistinguishedName crlIssuer)
    {
        _der = der;
        _issuers = new Dictionary<DistinguishedName, int> { [crlIssuer] = 0 };
    }

    /// <param name="der">The encoding of the whole CRL.</param>
    /// <param name="crlIssuer">Its issuer, whose certificates the entries are about until one says otherwise.</param>
    /// <param name="content">The content of revokedCertificates, a slice of the encoding; null when the CRL has none.</param>
    /// <exception cref="AsnContentException">An entry is malformed.</exception>
    public static CrlEntries Read(ReadOnlyMemory<byte> der, DistinguishedName crlIssuer, ReadOnlyMemory<byte>? content)
    {
        var reader = new CrlEntryReader(der, crlIssuer);
        var list = new DerReader(content ?? default);
        while (list.HasData)
        {
            reader.Read(list.ReadInner(DerReader.Sequence));
        }

        return new CrlEntries(der, CrlEntries.Sort(der, reader._entries), reader._issuers)
        {
            NameIssuers = reader._nameIssuers,
            HoldRemovals = reader._holdRemovals,
            Defect = reader._defect,
        };
    }

    private void Read(DerReader entry)
    {
        var serial = entry.ReadInteger();
        entry.ReadTime();
        var reason = CrlReason.Unspecified;
        if (entry.HasData)
        {
            reason = ReadExtensions(entry.ReadInner(DerReader.Sequence));
            entry.End();
        }

        if (serial.Length > ushort.MaxValue || !_der.Span.Overlaps(serial.Span, out var offset))
        {
            throw new AsnContentException("A serial number is out of all bounds.");
        }

        _holdRemovals |= reason == CrlReason.RemoveFromCrl;
        _entries.Add(new CrlEntry(offset, (ushort)serial.Length, reason, _issuer));
    }

    private CrlReason ReadExtensions(DerReader extensions)
    {
        CrlReason? reason = null;
        var namesIssuer = false;
        do
        {
            var extension = CrlExtension.Read(ref extensions);
            var oid = extension.Oid.Span;
            if (oid.SequenceEqual(Oids.ReasonCode))
            {
                reason = reason is null ? ReadReason(extension.Value) : throw new AsnContentException("An entry has two reasons.");
            }
            else if (oid.SequenceEqual(Oids.CertificateIssuer))
            {
                ReadIssuer(extension, isRepeated: namesIssuer);
                namesIssuer = true;
            }
            else if (extension.IsCritical && !oid.SequenceEqual(Oids.InvalidityDate))
            {
                _defect ??= $"an entry has the unknown critical extension {Oids.Format(oid)} (RFC 5280 section 5.3)";
            }
        }
        while (extensions.HasData);
        return reason ?? CrlReason.Unspecified;
    }

    private static CrlReason ReadReason(ReadOnlyMemory<byte> value)
    {
        var reader = new DerReader(value);
        var content = reader.Read(DerReader.Enumerated).Span;
        reader.End();

        // RFC 5280 section 5.3.1: 0 to 10, of which 7 is not used.
        return content.Length == 1 && content[0] is <= (byte)CrlReason.AaCompromise and not 7
            ? (CrlReason)content[0]
            : throw new AsnContentException("The reason of an entry is none.");
    }

    /// <summary>RFC 5280 section 5.3.3: the name holds for the entries that follow, too, until another one is told.</summary>
    private void ReadIssuer(CrlExtension extension, bool isRepeated)
    {
        if (isRepeated)
        {
            throw new AsnContentException("An entry has two certificate issuers.");
        }

        if (!extension.IsCritical)
        {
            _defect ??= "the certificate issuer of an entry is not critical (RFC 5280 section 5.3.3)";
        }

        // Some issuers repeat the name at every entry: it is read once.
        _nameIssuers = true;
        if (!_lastIssuerNames.IsEmpty && _lastIssuerNames.Span.SequenceEqual(extension.Value.Span))
        {
            return;
        }

        var name = ReadIssuerName(extension.Value);
        if (!_issuers.TryGetValue(name, out _issuer))
        {
            _issuer = _issuers.Count;
            _issuers.Add(name, _issuer);
        }

        _lastIssuerNames = extension.Value;
    }

    private static DistinguishedName ReadIssuerName(ReadOnlyMemory<byte> value)
    {
        var reader = new DerReader(value);
        var names = GeneralName.ReadAll(reader.Read(DerReader.Sequence));
        reader.End();
        var directories = names.Where(name => name.Directory is not null).ToArray();
        return directories.Length == 1
            ? directories[0].Directory!
            : throw new AsnContentException("The certificate issuer of an entry is not one directory name.");
    }
}

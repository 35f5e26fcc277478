using System.Runtime.InteropServices;

namespace ZeroTrust.X509.Internal;

/// <summary>Where an entry stands in the encoding and what it says, in the 12 octets that a list of a million can afford.</summary>
/// <param name="Offset">Where the content of its serial number begins; the revocation date follows it.</param>
/// <param name="Length">The length of its serial number.</param>
/// <param name="Reason">Its reason.</param>
/// <param name="Issuer">The index of the issuer of its certificate; 0 is the issuer of the CRL.</param>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct CrlEntry(int Offset, ushort Length, CrlReason Reason, int Issuer);

/// <summary>Issuers in their order, serial numbers by length and octets; of a repeated one the removal last, so that the revocation is found.</summary>
internal readonly struct CrlEntryOrder(ReadOnlyMemory<byte> der) : IComparer<CrlEntry>
{
    public int Compare(CrlEntry x, CrlEntry y)
    {
        var order = Compare(x, y.Issuer, der.Span.Slice(y.Offset, y.Length));
        if (order == 0)
        {
            order = (x.Reason == CrlReason.RemoveFromCrl).CompareTo(y.Reason == CrlReason.RemoveFromCrl);
        }

        return order != 0 ? order : x.Offset.CompareTo(y.Offset);
    }

    public int Compare(CrlEntry entry, int issuer, ReadOnlySpan<byte> serial)
    {
        var order = entry.Issuer.CompareTo(issuer);
        if (order == 0)
        {
            order = entry.Length.CompareTo((ushort)serial.Length);
        }

        return order != 0 ? order : der.Span.Slice(entry.Offset, entry.Length).SequenceCompareTo(serial);
    }
}

/// <summary>What a CRL says about one certificate.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct RevokedEntry(CrlReason Reason, DateTimeOffset At);

/// <summary>CRLReason (RFC 5280 section 5.3.1).</summary>
internal enum CrlReason : byte
{
    Unspecified = 0,
    KeyCompromise = 1,
    CaCompromise = 2,
    AffiliationChanged = 3,
    Superseded = 4,
    CessationOfOperation = 5,
    CertificateHold = 6,
    RemoveFromCrl = 8,
    PrivilegeWithdrawn = 9,
    AaCompromise = 10,
}

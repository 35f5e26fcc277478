namespace ZeroTrust.X509.Internal;

/// <summary>One extension of a CRL or of an entry of it, unread.</summary>
internal readonly record struct CrlExtension(ReadOnlyMemory<byte> Oid, bool IsCritical, ReadOnlyMemory<byte> Value)
{
    public static CrlExtension Read(ref DerReader extensions)
    {
        var item = extensions.ReadInner(DerReader.Sequence);
        var extension = new CrlExtension(item.ReadOid(), item.ReadDefaultFalse(), item.Read(DerReader.OctetString));
        item.End();
        return extension;
    }
}

namespace ZeroTrust.X509.Internal;

/// <summary>issuingDistributionPoint: which certificates and which reasons a CRL is for (RFC 5280 section 5.2.5).</summary>
/// <param name="Encoded">The extension as it is encoded; a delta CRL has the same as its complete CRL.</param>
/// <param name="Name">Where the CRL is to be found; null when it covers every distribution point.</param>
/// <param name="OnlyUser">It is for certificates of end entities.</param>
/// <param name="OnlyCa">It is for certificates of CAs.</param>
/// <param name="OnlyAttribute">It is for attribute certificates, which are not ours.</param>
/// <param name="IsIndirect">It may tell of certificates of other issuers.</param>
/// <param name="OnlySomeReasons">The reasons it tells of; null for all.</param>
internal sealed record IssuingDistributionPoint(
    ReadOnlyMemory<byte> Encoded,
    DistributionPointName? Name,
    bool OnlyUser,
    bool OnlyCa,
    bool OnlyAttribute,
    bool IsIndirect,
    ReasonFlags? OnlySomeReasons)
{
    /// <summary>Whether it says nothing.</summary>
    public bool IsEmpty => Name is null && !OnlyUser && !OnlyCa && !OnlyAttribute && !IsIndirect && OnlySomeReasons is null;

    /// <summary>Whether it is for more than one only kind of certificate.</summary>
    public bool IsContradictory => (OnlyUser, OnlyCa, OnlyAttribute) is not ((_, false, false) or (false, _, false) or (false, false, _));

    public static IssuingDistributionPoint Read(ReadOnlyMemory<byte> encoded)
    {
        var whole = new DerReader(encoded);
        var fields = whole.ReadInner(DerReader.Sequence);
        whole.End();
        var point = new IssuingDistributionPoint(
            encoded,
            fields.TryRead(DerReader.ContextConstructed(0), out var name) ? DistributionPointName.Read(name) : null,
            OnlyUser: fields.ReadDefaultFalse(DerReader.Context(1)),
            OnlyCa: fields.ReadDefaultFalse(DerReader.Context(2)),
            OnlySomeReasons: DistributionPoint.ReadReasons(ref fields, DerReader.Context(3)),
            IsIndirect: fields.ReadDefaultFalse(DerReader.Context(4)),
            OnlyAttribute: fields.ReadDefaultFalse(DerReader.Context(5)));
        fields.End();
        return point;
    }
}

using System.Formats.Asn1;

namespace ZeroTrust.X509.Internal;

/// <summary>One entry of cRLDistributionPoints (RFC 5280 section 4.2.1.13).</summary>
/// <param name="Name">Where the CRL is; null when only its issuer is told.</param>
/// <param name="Reasons">The reasons it covers; null for all.</param>
/// <param name="CrlIssuers">The names of its issuer where that is not the certificate's.</param>
internal sealed record DistributionPoint(DistributionPointName? Name, ReasonFlags? Reasons, DistinguishedName[] CrlIssuers)
{
    private const int MaxPoints = 64;

    public static DistributionPoint[] ReadAll(ReadOnlyMemory<byte> content)
    {
        var reader = new DerReader(content);
        var points = new List<DistributionPoint>(1);
        do
        {
            points.Add(Read(reader.ReadInner(DerReader.Sequence)));
        }
        while (reader.HasData && points.Count < MaxPoints);
        reader.End();
        return [.. points];
    }

    /// <summary>The point of certificates that tell none: their issuer's name (RFC 5280 section 6.3.3, last paragraph).</summary>
    public static DistributionPoint ImpliedBy(DistinguishedName issuer) =>
        new(new DistributionPointName([GeneralName.Of(issuer)], default), Reasons: null, CrlIssuers: []);

    public static ReasonFlags? ReadReasons(ref DerReader reader, byte tag) =>
        reader.NextIs(tag) ? (ReasonFlags)reader.ReadNamedBits(tag) & ReasonFlags.All : null;

    private static DistributionPoint Read(DerReader reader)
    {
        var name = reader.TryRead(DerReader.ContextConstructed(0), out var inner) ? DistributionPointName.Read(inner) : null;
        var reasons = ReadReasons(ref reader, DerReader.Context(1));
        var issuers = reader.TryRead(DerReader.ContextConstructed(2), out var names) ? ReadIssuers(names) : [];
        reader.End();
        return name is null && issuers.Length == 0
            ? throw new AsnContentException("A distribution point without a name and without an issuer.")
            : new DistributionPoint(name, reasons, issuers);
    }

    /// <summary>Were issuers without a directory name passed over, the point would read as one of the certificate's own issuer.</summary>
    private static DistinguishedName[] ReadIssuers(ReadOnlyMemory<byte> content)
    {
        DistinguishedName[] issuers = [.. GeneralName.ReadAll(content).Where(item => item.Directory is not null).Select(item => item.Directory!)];
        return issuers.Length > 0 ? issuers : throw new AsnContentException("The CRL issuer of a distribution point is not a directory name.");
    }
}

/// <summary>ReasonFlags (RFC 5280 section 4.2.1.13), bit n of the encoding at bit n here.</summary>
[Flags]
internal enum ReasonFlags
{
    None = 0,
    KeyCompromise = 1 << 1,
    CaCompromise = 1 << 2,
    AffiliationChanged = 1 << 3,
    Superseded = 1 << 4,
    CessationOfOperation = 1 << 5,
    CertificateHold = 1 << 6,
    PrivilegeWithdrawn = 1 << 7,
    AaCompromise = 1 << 8,
    All = KeyCompromise | CaCompromise | AffiliationChanged | Superseded | CessationOfOperation | CertificateHold | PrivilegeWithdrawn | AaCompromise,
}

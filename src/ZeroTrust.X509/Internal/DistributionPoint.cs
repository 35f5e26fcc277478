using System.Formats.Asn1;

namespace ZeroTrust.X509.Internal;

/// <summary>A DistributionPointName (RFC 5280 section 4.2.1.13): full names, or an RDN to append to the CRL issuer's name.</summary>
internal sealed record DistributionPointName(GeneralName[] FullNames, ReadOnlyMemory<byte> RelativeToIssuer)
{
    public static DistributionPointName Read(ReadOnlyMemory<byte> content)
    {
        var reader = new DerReader(content);
        if (reader.TryRead(DerReader.ContextConstructed(0), out var full))
        {
            reader.End();
            return new DistributionPointName(GeneralName.ReadAll(full), default);
        }

        var relative = reader.Read(DerReader.ContextConstructed(1));
        reader.End();
        return relative.IsEmpty
            ? throw new AsnContentException("A distribution point relative to its issuer by nothing.")
            : new DistributionPointName([], relative);
    }

    /// <summary>The names, with the relative one completed below each issuer.</summary>
    public IEnumerable<GeneralName> Names(IEnumerable<DistinguishedName> issuers) => RelativeToIssuer.IsEmpty
        ? FullNames
        : issuers.Select(issuer => new GeneralName(GeneralNameKind.Directory, default, issuer.Append(RelativeToIssuer)));
}

/// <summary>One entry of cRLDistributionPoints.</summary>
/// <param name="Name">Where the CRL is; null when only its issuer is told.</param>
/// <param name="Reasons">The reasons it covers; null for all.</param>
/// <param name="CrlIssuers">The names of its issuer where that is not the certificate's.</param>
internal sealed record DistributionPoint(DistributionPointName? Name, ReasonFlags? Reasons, DistinguishedName[] CrlIssuers)
{
    public static DistributionPoint[] ReadAll(ReadOnlyMemory<byte> content)
    {
        var reader = new DerReader(content);
        var points = new List<DistributionPoint>(1);
        do
        {
            points.Add(Read(reader.ReadInner(DerReader.Sequence)));
        }
        while (reader.HasData);
        return [.. points];
    }

    private static DistributionPoint Read(DerReader reader)
    {
        var name = reader.TryRead(DerReader.ContextConstructed(0), out var inner) ? DistributionPointName.Read(inner) : null;
        ReasonFlags? reasons = reader.NextIs(DerReader.Context(1)) ? (ReasonFlags)reader.ReadNamedBits(DerReader.Context(1)) : null;
        var issuers = reader.TryRead(DerReader.ContextConstructed(2), out var names)
            ? GeneralName.ReadAll(names).Where(item => item.Directory is not null).Select(item => item.Directory!).ToArray()
            : [];
        reader.End();
        return name is null && issuers.Length == 0
            ? throw new AsnContentException("A distribution point without a name and without an issuer.")
            : new DistributionPoint(name, reasons, issuers);
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

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
        CheckAttributes(relative);
        return new DistributionPointName([], relative);
    }

    /// <summary>Whether one of the names is one of the other's.</summary>
    /// <param name="other">The other name.</param>
    /// <param name="crlIssuer">The issuer of the CRL, to which names of both sides may be relative.</param>
    public bool Matches(DistributionPointName other, DistinguishedName crlIssuer)
    {
        var theirs = other.Names(crlIssuer);
        return Array.Exists(Names(crlIssuer), mine => Array.Exists(theirs, their => AreEqual(mine, their)));
    }

    /// <summary>Whether one of the names is a directory name of these.</summary>
    public bool Matches(DistinguishedName[] directories, DistinguishedName crlIssuer) =>
        Array.Exists(Names(crlIssuer), mine => Array.Exists(directories, their => their.Equals(mine.Directory)));

    private GeneralName[] Names(DistinguishedName crlIssuer) => RelativeToIssuer.IsEmpty
        ? FullNames
        : [GeneralName.Of(crlIssuer.Append(RelativeToIssuer))];

    // Names other than directory names are compared by their octets: a spelling too many costs a match, never a mismatch.
    private static bool AreEqual(GeneralName left, GeneralName right) =>
        left.Kind == right.Kind
        && (left.Directory is { } directory ? directory.Equals(right.Directory) : left.Value.Span.SequenceEqual(right.Value.Span));

    private static void CheckAttributes(ReadOnlyMemory<byte> content)
    {
        var attributes = new DerReader(content);
        do
        {
            var attribute = attributes.ReadInner(DerReader.Sequence);
            attribute.ReadOid();
            attribute.ReadAny(out _, out _);
            attribute.End();
        }
        while (attributes.HasData);
    }
}

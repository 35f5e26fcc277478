using System.Formats.Asn1;

namespace ZeroTrust.X509.Internal;

/// <summary>Reads nameConstraints (RFC 5280 section 4.2.1.10) and refuses every base that cannot mean anything.</summary>
internal static class NameConstraintsReader
{
    public static NameConstraints Read(DerReader reader, bool isCritical)
    {
        var hasPermitted = reader.TryRead(DerReader.ContextConstructed(0), out var permitted);
        var hasExcluded = reader.TryRead(DerReader.ContextConstructed(1), out var excluded);
        reader.End();
        return hasPermitted || hasExcluded
            ? new NameConstraints(isCritical, hasPermitted ? ReadSubtrees(permitted) : [], hasExcluded ? ReadSubtrees(excluded) : [])
            : throw new AsnContentException("Name constraints that constrain nothing.");
    }

    private static GeneralName[] ReadSubtrees(ReadOnlyMemory<byte> content)
    {
        var reader = new DerReader(content);
        var bases = new List<GeneralName>(1);
        do
        {
            // Minimum is zero and thus left out, maximum is absent: what else is there makes the subtree mean something we do not know.
            var subtree = reader.ReadInner(DerReader.Sequence);
            var name = GeneralName.Read(ref subtree);
            subtree.End();
            bases.Add(IsMeaningful(name) ? name : throw new AsnContentException($"'{name}' is no base of a name constraint."));
        }
        while (reader.HasData);
        return [.. bases];
    }

    private static bool IsMeaningful(GeneralName name) => name.Kind switch
    {
        GeneralNameKind.Dns => name.Value.IsEmpty || DnsNames.IsHostName(name.Text),
        GeneralNameKind.Email => IsMailboxHostOrDomain(name.Text),
        GeneralNameKind.Uri => name.Value.IsEmpty || IsHostOrDomain(name.Text),
        GeneralNameKind.IpAddress => IsNetwork(name.Value.Span),
        _ => true,
    };

    private static bool IsMailboxHostOrDomain(string text)
    {
        var at = text.LastIndexOf('@');
        return text.Length == 0 || (at < 0 ? IsHostOrDomain(text) : at > 0 && DnsNames.IsHostName(text.AsSpan(at + 1)));
    }

    private static bool IsHostOrDomain(string text) => DnsNames.IsHostName(text.StartsWith('.') ? text.AsSpan(1) : text);

    /// <summary>An address and a mask of the same length, whose bits are set from the left without a gap (RFC 4632 section 3.1).</summary>
    private static bool IsNetwork(ReadOnlySpan<byte> value)
    {
        if (value.Length is not (8 or 32))
        {
            return false;
        }

        var ended = false;
        foreach (var octet in value[(value.Length / 2)..])
        {
            for (var bit = 7; bit >= 0; bit--)
            {
                var isSet = ((octet >> bit) & 1) == 1;
                if (isSet && ended)
                {
                    return false;
                }

                ended |= !isSet;
            }
        }

        return true;
    }
}

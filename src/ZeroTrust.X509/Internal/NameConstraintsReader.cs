using ZeroTrust.Shared;

namespace ZeroTrust.X509.Internal;

/// <summary>Reads nameConstraints (RFC 5280 section 4.2.1.10) and notes every base that cannot mean anything.</summary>
/// <remarks>A base without a meaning is a mistake of the CA and no error of the encoding: it is told by a reason of its own where the CA is used.</remarks>
internal static class NameConstraintsReader
{
    public static NameConstraints Read(DerReader reader, bool isCritical)
    {
        string? defect = null;
        var hasPermitted = reader.TryRead(DerReader.ContextConstructed(0), out var permitted);
        var hasExcluded = reader.TryRead(DerReader.ContextConstructed(1), out var excluded);
        reader.End();
        var bases = (
            Permitted: hasPermitted ? ReadSubtrees(permitted, "permitted", ref defect) : [],
            Excluded: hasExcluded ? ReadSubtrees(excluded, "excluded", ref defect) : []);
        defect = hasPermitted || hasExcluded ? defect : "they hold no subtree";
        return new NameConstraints(isCritical, bases.Permitted, bases.Excluded, defect);
    }

    private static GeneralName[] ReadSubtrees(ReadOnlyMemory<byte> content, string list, ref string? defect)
    {
        var reader = new DerReader(content);
        var bases = new List<GeneralName>(1);
        do
        {
            // Minimum is zero and thus left out, maximum is absent: what else is there makes the subtree mean something we do not know.
            var subtree = reader.ReadInner(DerReader.Sequence);
            var name = GeneralName.Read(ref subtree);
            var flaw = subtree.HasData ? "has a minimum or a maximum" : FindFlaw(name);
            defect ??= flaw is null ? null : $"the {list} base {name.Kind} '{LogText.Fact(name.ToString())}' {flaw}";
            bases.Add(name);
        }
        while (reader.HasData);
        return [.. bases];
    }

    private static string? FindFlaw(GeneralName name) => name.Kind switch
    {
        GeneralNameKind.Dns when name.Text.StartsWith('.') =>
            "begins with a dot, which belongs to URIs and mailboxes: the base of a DNS name holds the domain and all below without one",
        GeneralNameKind.Dns when !name.Value.IsEmpty && !DnsNames.IsHostName(name.Text) => "is no domain",
        GeneralNameKind.Email when !IsMailboxHostOrDomain(name.Text) => "is no mailbox, host or domain",
        GeneralNameKind.Uri when !name.Value.IsEmpty && !IsHostOrDomain(name.Text) => "is no host or domain",
        GeneralNameKind.IpAddress when !IsNetwork(name.Value.Span) => "is no address with a mask of the same length and without a gap",
        GeneralNameKind.Directory when !name.Directory!.IsComparable() => "holds text that cannot be decoded",
        _ => null,
    };

    private static bool IsMailboxHostOrDomain(string text) =>
        text.Length == 0
        || (text.Contains('@', StringComparison.Ordinal) ? MailboxNames.TryRead(text, out _, out _) : IsHostOrDomain(text));

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

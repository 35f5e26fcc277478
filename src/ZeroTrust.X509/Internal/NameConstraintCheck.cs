namespace ZeroTrust.X509.Internal;

/// <summary>Holds the names of one certificate against the name constraints of a CA above it (RFC 5280 section 4.2.1.10).</summary>
internal static class NameConstraintCheck
{
    /// <summary>The name that is not allowed; null when all are.</summary>
    public static GeneralName? FindViolation(NameConstraints constraints, Certificate certificate, Budget budget)
    {
        var names = certificate.Names;
        if (!certificate.Subject.IsEmpty)
        {
            var subject = GeneralName.Of(certificate.Subject);
            if (!IsAllowed(constraints, subject, budget))
            {
                return subject;
            }
        }

        var hasMailbox = false;
        foreach (var name in names)
        {
            hasMailbox |= name.Kind == GeneralNameKind.Email;
            if (!IsAllowed(constraints, name, budget))
            {
                return name;
            }
        }

        return hasMailbox || !Constrains(constraints, GeneralNameKind.Email) ? null : FindMailboxOfSubject(constraints, certificate, budget);
    }

    /// <summary>A mailbox of old certificates stands in the subject, and is constrained there where no alternative name holds one.</summary>
    private static GeneralName? FindMailboxOfSubject(NameConstraints constraints, Certificate certificate, Budget budget)
    {
        foreach (var mailbox in certificate.Subject.TextOf(Oids.EmailAddress.ToArray()))
        {
            var name = GeneralName.Of(GeneralNameKind.Email, mailbox);
            if (!IsAllowed(constraints, name, budget))
            {
                return name;
            }
        }

        return null;
    }

    private static bool Constrains(NameConstraints constraints, GeneralNameKind kind) =>
        Array.Exists(constraints.Permitted, subtree => subtree.Kind == kind) || Array.Exists(constraints.Excluded, subtree => subtree.Kind == kind);

    private static bool IsAllowed(NameConstraints constraints, GeneralName name, Budget budget)
    {
        if (!budget.TakeComparisons(constraints.Permitted.Length + constraints.Excluded.Length))
        {
            return false;
        }

        // A name of a kind we cannot compare, or that cannot be read, is neither inside nor outside: refused as soon as its kind is constrained.
        if (!IsComparable(name))
        {
            return !Constrains(constraints, name.Kind);
        }

        foreach (var subtree in constraints.Excluded)
        {
            if (subtree.Kind == name.Kind && MayFallInto(name, subtree))
            {
                return false;
            }
        }

        var isConstrained = false;
        foreach (var subtree in constraints.Permitted)
        {
            if (subtree.Kind == name.Kind)
            {
                isConstrained = true;
                if (IsInside(name, subtree))
                {
                    return true;
                }
            }
        }

        return !isConstrained;
    }

    private static bool IsComparable(GeneralName name) => name.Kind switch
    {
        GeneralNameKind.Directory => true,
        GeneralNameKind.Dns => DnsNames.IsHostName(name.Text) || DnsNames.TryReadWildcard(name.Text, out _),
        GeneralNameKind.IpAddress => name.Value.Length is 4 or 16,
        GeneralNameKind.Uri => UriNames.TryReadHost(name.Text, out _),
        GeneralNameKind.Email => MailboxNames.TryRead(name.Text, out _, out _),
        _ => false,
    };

    private static bool IsInside(GeneralName name, GeneralName subtree) => name.Kind switch
    {
        GeneralNameKind.Directory => name.Directory!.BeginsWith(subtree.Directory!),
        GeneralNameKind.Dns => DnsNames.IsWithin(WithoutWildcard(name.Text), subtree.Text),
        GeneralNameKind.IpAddress => IsInNetwork(name.Value.Span, subtree.Value.Span),
        GeneralNameKind.Uri => UriNames.TryReadHost(name.Text, out var host) && IsHostInside(host, subtree.Text),
        GeneralNameKind.Email => MailboxNames.IsInside(name.Text, subtree.Text),
        _ => false,
    };

    /// <summary>Whether any host the name can stand for lies inside: a wildcard stands for every label, also for an excluded one (CVE-2025-61727).</summary>
    private static bool MayFallInto(GeneralName name, GeneralName subtree) =>
        IsInside(name, subtree)
        || (name.Kind == GeneralNameKind.Dns
            && DnsNames.TryReadWildcard(name.Text, out var domain)
            && DnsNames.IsDirectlyBelow(subtree.Text, domain));

    private static ReadOnlySpan<char> WithoutWildcard(string name) => DnsNames.TryReadWildcard(name, out var domain) ? domain : name;

    /// <summary>A leading dot takes in the hosts below, no dot the one host (RFC 5280 section 4.2.1.10, for URIs).</summary>
    private static bool IsHostInside(ReadOnlySpan<char> host, string subtree) =>
        subtree.Length == 0
        || (subtree[0] == '.' ? host.EndsWith(subtree, StringComparison.OrdinalIgnoreCase) : host.Equals(subtree, StringComparison.OrdinalIgnoreCase));

    private static bool IsInNetwork(ReadOnlySpan<byte> address, ReadOnlySpan<byte> network)
    {
        if (network.Length != address.Length * 2)
        {
            return false;
        }

        for (var i = 0; i < address.Length; i++)
        {
            var mask = network[address.Length + i];
            if ((address[i] & mask) != (network[i] & mask))
            {
                return false;
            }
        }

        return true;
    }
}

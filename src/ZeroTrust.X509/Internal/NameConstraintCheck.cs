namespace ZeroTrust.X509.Internal;

/// <summary>Holds the names of one certificate against the name constraints of a CA above it (RFC 5280 section 4.2.1.10).</summary>
internal static class NameConstraintCheck
{
    /// <summary>The name that is not allowed; null when all are.</summary>
    public static NameViolation? FindViolation(NameConstraints constraints, Certificate certificate, Budget budget)
    {
        if (!certificate.Subject.IsEmpty && Check(constraints, GeneralName.Of(certificate.Subject), budget) is { } ofSubject)
        {
            return ofSubject;
        }

        var hasMailbox = false;
        foreach (var name in certificate.Names)
        {
            hasMailbox |= name.Kind == GeneralNameKind.Email;
            if (Check(constraints, name, budget) is { } violation)
            {
                return violation;
            }
        }

        return hasMailbox || !Constrains(constraints, GeneralNameKind.Email) ? null : FindMailboxOfSubject(constraints, certificate, budget);
    }

    /// <summary>A mailbox of old certificates stands in the subject, and is constrained there where no alternative name holds one.</summary>
    private static NameViolation? FindMailboxOfSubject(NameConstraints constraints, Certificate certificate, Budget budget)
    {
        foreach (var mailbox in certificate.Subject.ValuesOf(Oids.EmailAddress.ToArray()))
        {
            // What is no text is no mailbox, and not to be compared.
            if (Check(constraints, GeneralName.Of(GeneralNameKind.Email, mailbox ?? string.Empty), budget) is { } violation)
            {
                return violation;
            }
        }

        return null;
    }

    private static bool Constrains(NameConstraints constraints, GeneralNameKind kind) =>
        Array.Exists(constraints.Permitted, subtree => subtree.Kind == kind) || Array.Exists(constraints.Excluded, subtree => subtree.Kind == kind);

    private static NameViolation? Check(NameConstraints constraints, GeneralName name, Budget budget)
    {
        if (!budget.TakeComparisons(constraints.Permitted.Length + constraints.Excluded.Length))
        {
            return new NameViolation(name, NameFault.Undecided);
        }

        if (name.Kind == GeneralNameKind.Other
            && Constrains(constraints, GeneralNameKind.Email)
            && MailboxNames.IsInternational(name.Value, out var host))
        {
            // RFC 9598 section 6: constraints on mailboxes hold for those with an international local part, too.
            return CheckInternational(constraints, name, host);
        }

        // A name of a kind we cannot compare, or that cannot be read, is neither inside nor outside: refused as soon as its kind is constrained.
        if (!IsComparable(name))
        {
            return Constrains(constraints, name.Kind) ? new NameViolation(name, NameFault.Unreadable) : null;
        }

        foreach (var subtree in constraints.Excluded)
        {
            if (subtree.Kind == name.Kind && MayFallInto(name, subtree))
            {
                return new NameViolation(name, NameFault.Excluded);
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
                    return null;
                }
            }
        }

        return isConstrained ? new NameViolation(name, NameFault.NotPermitted) : null;
    }

    /// <summary>By the host alone: a base that is one mailbox has an ASCII local part, and is never this one.</summary>
    private static NameViolation? CheckInternational(NameConstraints constraints, GeneralName name, string? host)
    {
        if (host is null || Constrains(constraints, GeneralNameKind.Other))
        {
            return new NameViolation(name, NameFault.Unreadable);
        }

        if (Array.Exists(constraints.Excluded, HoldsHost))
        {
            return new NameViolation(name, NameFault.Excluded);
        }

        return Array.Exists(constraints.Permitted, subtree => subtree.Kind == GeneralNameKind.Email)
            && !Array.Exists(constraints.Permitted, HoldsHost)
            ? new NameViolation(name, NameFault.NotPermitted)
            : null;

        bool HoldsHost(GeneralName subtree) =>
            subtree.Kind == GeneralNameKind.Email
            && !subtree.Text.Contains('@', StringComparison.Ordinal)
            && MailboxNames.IsHostInside(host, subtree.Text);
    }

    private static bool IsComparable(GeneralName name) => name.Kind switch
    {
        GeneralNameKind.Directory => name.Directory!.IsComparable(),
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
        GeneralNameKind.Uri => UriNames.TryReadHost(name.Text, out var host) && MailboxNames.IsHostInside(host, subtree.Text),
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

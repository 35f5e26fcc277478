namespace ZeroTrust.X509.Internal;

/// <summary>Mailboxes as names (RFC 5280 section 4.2.1.6): <c>local-part@host</c>, the local part with case and the host without.</summary>
internal static class MailboxNames
{
    public static bool TryRead(string mailbox, out ReadOnlySpan<char> local, out ReadOnlySpan<char> host)
    {
        var at = mailbox.LastIndexOf('@');
        local = at > 0 ? mailbox.AsSpan(0, at) : default;
        host = at > 0 ? mailbox.AsSpan(at + 1) : default;
        return at > 0 && !local.ContainsAnyExceptInRange('!', '~') && DnsNames.IsHostName(host);
    }

    public static bool AreEqual(string left, string right) =>
        TryRead(left, out var leftLocal, out var leftHost)
        && TryRead(right, out var rightLocal, out var rightHost)
        && leftLocal.SequenceEqual(rightLocal)
        && leftHost.Equals(rightHost, StringComparison.OrdinalIgnoreCase);

    /// <summary>RFC 5280 section 4.2.1.10: a base is one mailbox, all of one host, or with a leading dot all of the hosts below.</summary>
    public static bool IsInside(string mailbox, string subtree)
    {
        if (subtree.Length == 0)
        {
            return true;
        }

        if (subtree.Contains('@', StringComparison.Ordinal))
        {
            return AreEqual(mailbox, subtree);
        }

        return TryRead(mailbox, out _, out var host)
            && (subtree[0] == '.' ? host.EndsWith(subtree, StringComparison.OrdinalIgnoreCase) : host.Equals(subtree, StringComparison.OrdinalIgnoreCase));
    }
}

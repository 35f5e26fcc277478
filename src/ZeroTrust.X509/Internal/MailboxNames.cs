using System.Buffers;
using System.Formats.Asn1;
using System.Text;

namespace ZeroTrust.X509.Internal;

/// <summary>Mailboxes as names (RFC 5280 section 4.2.1.6): <c>local-part@host</c>, the local part with case and the host without.</summary>
internal static class MailboxNames
{
    private const byte Utf8String = 0x0C;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>atext of RFC 5322 section 3.2.3.</summary>
    private static readonly SearchValues<char> AtomCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!#$%&'*+-/=?^_`{|}~");

    /// <summary>Reads a mailbox that can be compared: its local part is a Dot-string (RFC 5321 section 4.1.2), which has one spelling.</summary>
    public static bool TryRead(string mailbox, out ReadOnlySpan<char> local, out ReadOnlySpan<char> host)
    {
        Split(mailbox, out local, out host);
        return IsDotString(local) && DnsNames.IsHostName(host);
    }

    /// <summary>A mailbox, also of a quoted local part, which constraints do not compare: it has many spellings.</summary>
    public static bool IsWellFormed(string mailbox)
    {
        Split(mailbox, out var local, out var host);
        return (IsDotString(local) || IsQuotedString(local)) && DnsNames.IsHostName(host);
    }

    /// <summary>Whether it is one word of printable characters, whatever it means.</summary>
    public static bool IsHarmless(ReadOnlySpan<char> mailbox) => !mailbox.IsEmpty && !mailbox.ContainsAnyExceptInRange('!', '~');

    public static bool AreEqual(string left, string right) =>
        TryRead(left, out var leftLocal, out var leftHost)
        && TryRead(right, out var rightLocal, out var rightHost)
        && leftLocal.SequenceEqual(rightLocal)
        && leftHost.Equals(rightHost, StringComparison.OrdinalIgnoreCase);

    /// <summary>RFC 5280 section 4.2.1.10: a base is one mailbox, all of one host, or with a leading dot all of the hosts below.</summary>
    public static bool IsInside(string mailbox, string subtree) => subtree.Contains('@', StringComparison.Ordinal)
        ? AreEqual(mailbox, subtree)
        : TryRead(mailbox, out _, out var host) && IsHostInside(host, subtree);

    /// <summary>Whether a host is the base, or below one with a leading dot. The empty base holds every host.</summary>
    public static bool IsHostInside(ReadOnlySpan<char> host, string subtree) =>
        subtree.Length == 0
        || (subtree[0] == '.'
            ? host.EndsWith(subtree, StringComparison.OrdinalIgnoreCase)
            : host.Equals(subtree, StringComparison.OrdinalIgnoreCase));

    /// <summary>The host of an otherName that is an SmtpUTF8Mailbox, whose local part has other characters than ASCII (RFC 9598 section 3).</summary>
    /// <param name="otherName">The content of the otherName.</param>
    /// <param name="host">The host, in its ASCII form; null where it cannot be read.</param>
    /// <returns>Whether the otherName is one at all.</returns>
    public static bool IsInternational(ReadOnlyMemory<byte> otherName, out string? host)
    {
        host = null;
        try
        {
            var reader = new DerReader(otherName);
            if (!reader.ReadOid().Span.SequenceEqual(Oids.SmtpUtf8Mailbox))
            {
                return false;
            }

            var value = reader.ReadInner(DerReader.ContextConstructed(0));
            var mailbox = StrictUtf8.GetString(value.Read(Utf8String).Span);
            value.End();
            reader.End();
            Split(mailbox, out var local, out var domain);
            var isMailbox = !local.IsEmpty && !local.Contains('@') && !Ascii.IsValid(local) && DnsNames.IsHostName(domain);
            host = isMailbox ? domain.ToString() : null;
            return true;
        }
        catch (Exception exception) when (exception is AsnContentException or DecoderFallbackException)
        {
            return true;
        }
    }

    private static void Split(string mailbox, out ReadOnlySpan<char> local, out ReadOnlySpan<char> host)
    {
        var at = mailbox.LastIndexOf('@');
        local = at > 0 ? mailbox.AsSpan(0, at) : default;
        host = at > 0 ? mailbox.AsSpan(at + 1) : default;
    }

    private static bool IsDotString(ReadOnlySpan<char> local)
    {
        if (local.IsEmpty)
        {
            return false;
        }

        foreach (var range in local.Split('.'))
        {
            var atom = local[range];
            if (atom.IsEmpty || atom.ContainsAnyExcept(AtomCharacters))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsQuotedString(ReadOnlySpan<char> local)
    {
        if (local.Length < 2 || local[0] != '"' || local[^1] != '"')
        {
            return false;
        }

        var content = local[1..^1];
        while (!content.IsEmpty)
        {
            var isPair = content[0] == '\\';
            if (content[0] == '"' || content[0] is < ' ' or > '~' || (isPair && content.Length < 2))
            {
                return false;
            }

            content = content[(isPair ? 2 : 1)..];
        }

        return true;
    }
}

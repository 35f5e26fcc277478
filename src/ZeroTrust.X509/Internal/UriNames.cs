using System.Buffers;

namespace ZeroTrust.X509.Internal;

/// <summary>URIs as names (RFC 5280 section 4.2.1.6): absolute, and constrained by the host of their authority.</summary>
internal static class UriNames
{
    private static readonly SearchValues<char> SchemeCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+-.");

    public static bool IsAbsolute(ReadOnlySpan<char> uri)
    {
        var colon = uri.IndexOf(':');
        return colon > 0 && char.IsAsciiLetter(uri[0]) && uri[..colon].IndexOfAnyExcept(SchemeCharacters) < 0;
    }

    /// <summary>The host where it is a name; an address, or no authority, has none that a constraint could compare.</summary>
    public static bool TryReadHost(string uri, out ReadOnlySpan<char> host)
    {
        host = default;
        var start = uri.IndexOf("://", StringComparison.Ordinal);

        // No character of a URI (RFC 3986 section 2), and browsers read it as a slash: another host than ours.
        if (start <= 0 || !IsAbsolute(uri) || uri.Contains('\\', StringComparison.Ordinal))
        {
            return false;
        }

        var authority = uri.AsSpan(start + 3);
        var end = authority.IndexOfAny('/', '?', '#');
        authority = end < 0 ? authority : authority[..end];
        authority = authority[(authority.LastIndexOf('@') + 1)..];
        var colon = authority.IndexOf(':');
        host = colon < 0 ? authority : authority[..colon];
        return DnsNames.IsHostName(host);
    }
}

using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace ZeroTrust.AspNetCore.Proxies;

/// <summary>Addresses as text, by one rule wherever an operator or a proxy writes one.</summary>
/// <remarks>
/// IPv4 is four decimal numbers without leading zeros, IPv6 as RFC 4291 section 2.2 has it, without brackets and zone. The platform reads
/// <c>1</c>, <c>203.7</c>, <c>0x7f.1</c> and <c>010.0.0.1</c> too, each as another address than the one meant.
/// </remarks>
internal static class WrittenAddress
{
    private const int LongestPort = 5;
    private const int LongestIPv4 = 15;

    private static readonly SearchValues<char> Characters = SearchValues.Create("0123456789abcdefABCDEF:.");

    public static bool TryRead(ReadOnlySpan<char> text, out IPAddress address)
    {
        if (!text.ContainsAnyExcept(Characters) && IPAddress.TryParse(text, out address!) && IsAsMeant(text, address))
        {
            return true;
        }

        address = IPAddress.None;
        return false;
    }

    /// <summary>Whether a port may follow and does as the framework reads it: <c>192.0.2.7:80</c>, <c>[2001:db8::7]:80</c>.</summary>
    public static bool IsEnd(ReadOnlySpan<char> text)
    {
        if (text is ['[', ..])
        {
            var end = text.IndexOf(']');
            return end > 0
                && TryRead(text[1..end], out var bracketed)
                && bracketed.AddressFamily == AddressFamily.InterNetworkV6
                && (end + 1 == text.Length || (text[end + 1] == ':' && IsPort(text[(end + 2)..])));
        }

        var colon = text.IndexOf(':');
        return colon > 0 && text[(colon + 1)..].IndexOf(':') < 0
            ? TryRead(text[..colon], out _) && IsPort(text[(colon + 1)..])
            : TryRead(text, out _);
    }

    private static bool IsAsMeant(ReadOnlySpan<char> text, IPAddress address) =>
        address.AddressFamily == AddressFamily.InterNetwork
            ? IsCanonical(text, address)
            : !text.Contains('.') || TryRead(text[(text.LastIndexOf(':') + 1)..], out _);

    private static bool IsCanonical(ReadOnlySpan<char> text, IPAddress address)
    {
        Span<char> canonical = stackalloc char[LongestIPv4];
        return address.TryFormat(canonical, out var length) && text.SequenceEqual(canonical[..length]);
    }

    private static bool IsPort(ReadOnlySpan<char> text) =>
        text.Length is > 0 and <= LongestPort && ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out _);
}

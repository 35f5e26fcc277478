using System.Buffers;
using System.Net;
using ZeroTrust.Redaction.Detectors;

namespace ZeroTrust.Redaction.Optional;

/// <summary>An IP address of either version; its port stays.</summary>
internal readonly struct IpAddressDetector : IBuiltInDetector
{
    private const string Marker = "[ip]";
    private const int Shortest = 3;
    private const int Longest = 45;
    private const int DotsOfVersion4 = 3;
    private const int FewestColons = 2;

    private static readonly SearchValues<char> AddressCharacters = SearchValues.Create("0123456789abcdefABCDEF:.");

    public static bool TryFind(ReadOnlySpan<char> text, int from, out Finding finding)
    {
        for (var at = from; text[at..].IndexOfAny(AddressCharacters) is >= 0 and var found;)
        {
            at += found;
            var length = Characters.Run(text[at..], AddressCharacters);
            if (!Characters.IsInsideWord(text, at)
                && (at + length == text.Length || !char.IsLetterOrDigit(text[at + length]))
                && AddressLength(text.Slice(at, length)) is > 0 and var address)
            {
                finding = new(at, address, Marker);
                return true;
            }

            at += length;
        }

        finding = default;
        return false;
    }

    private static int AddressLength(ReadOnlySpan<char> text)
    {
        if (text.Length <= Longest)
        {
            text = text.Count(':') < FewestColons && text.IndexOf(':') is >= 0 and var port ? text[..port] : text;
            text = text.TrimEnd('.');
            text = text.EndsWith("::") ? text : text.TrimEnd(':');
        }

        var isAddress = text.Length is >= Shortest and <= Longest
            && (text.Contains(':') ? text.Count(':') >= FewestColons : text.Count('.') == DotsOfVersion4)
            && text.ContainsAny(Characters.Decimal)
            && IPAddress.TryParse(text, out _);
        return isAddress ? text.Length : 0;
    }
}

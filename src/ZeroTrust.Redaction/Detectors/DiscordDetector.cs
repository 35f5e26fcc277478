using System.Buffers;

namespace ZeroTrust.Redaction.Detectors;

/// <summary>The token of a Discord bot: base64 of its id, a time stamp of six characters, a code of 27 to 38, divided by dots.</summary>
internal readonly struct DiscordDetector : IBuiltInDetector
{
    private const string Marker = "[token:discord]";
    private const int IdMin = 24;
    private const int IdMax = 26;
    private const int Stamp = 6;
    private const int CodeMin = 27;
    private const int CodeMax = 38;

    private static readonly SearchValues<char> IdBegins = SearchValues.Create("MNO");

    public static bool TryFind(ReadOnlySpan<char> text, int from, out Finding finding)
    {
        for (var dot = from; text[dot..].IndexOf('.') is >= 0 and var found; dot++)
        {
            dot += found;
            var code = dot + Stamp + 2;
            if (code + CodeMin > text.Length || text[code - 1] != '.' || Characters.Run(text.Slice(dot + 1, Stamp), Characters.Base64Url) != Stamp)
            {
                continue;
            }

            var length = Characters.Run(text[code..Math.Min(text.Length, code + CodeMax)], Characters.Base64Url);
            if (length >= CodeMin && IdStart(text[from..dot]) is >= 0 and var start)
            {
                finding = new(from + start, code + length - from - start, Marker);
                return true;
            }
        }

        finding = default;
        return false;
    }

    /// <summary>Where a base64 text begins that a number begins with, of the right length; -1 where none does.</summary>
    private static int IdStart(ReadOnlySpan<char> text)
    {
        var run = Characters.RunBack(text, Characters.Base64Url, IdMax);
        if (run < IdMin)
        {
            return -1;
        }

        var begin = text[^run..^(IdMin - 1)].IndexOfAny(IdBegins);
        return begin < 0 ? -1 : text.Length - run + begin;
    }
}

using System.Buffers;

namespace ZeroTrust.Redaction.Detectors;

/// <summary>The alphabets secrets are written in.</summary>
internal static class Characters
{
    private const string Digits = "0123456789";
    private const string Lower = "abcdefghijklmnopqrstuvwxyz";
    private const string Upper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

    // For ranges too: the platform's ...InRange methods box their bounds until the runtime has compiled them a second time.
    public static readonly SearchValues<char> LowerLetters = SearchValues.Create(Lower);
    public static readonly SearchValues<char> UpperLetters = SearchValues.Create(Upper);
    public static readonly SearchValues<char> Letters = SearchValues.Create(Lower + Upper);

    /// <summary>What names are made of, and what divides their words.</summary>
    public static readonly SearchValues<char> NameLike = SearchValues.Create(Digits + Lower + Upper + "_-. :/");
    public static readonly SearchValues<char> Name = SearchValues.Create(Digits + Lower + Upper + "_-.");
    public static readonly SearchValues<char> Argument = SearchValues.Create(Digits + Lower + Upper + "_-.=:/");
    public static readonly SearchValues<char> XmlName = SearchValues.Create(Digits + Lower + Upper + "_-.:");
    public static readonly SearchValues<char> SpacedName = SearchValues.Create(Digits + Lower + Upper + "_-. ");
    public static readonly SearchValues<char> KebabLike = SearchValues.Create(Digits + Lower + "-/._:");
    public static readonly SearchValues<char> Decimal = SearchValues.Create(Digits);
    public static readonly SearchValues<char> Hex = SearchValues.Create(Digits + "abcdef");
    public static readonly SearchValues<char> AnyHex = SearchValues.Create(Digits + "abcdefABCDEF");
    public static readonly SearchValues<char> UpperDigits = SearchValues.Create(Digits + Upper);
    public static readonly SearchValues<char> LowerDigits = SearchValues.Create(Digits + Lower);
    public static readonly SearchValues<char> Alphanumeric = SearchValues.Create(Digits + Lower + Upper);
    public static readonly SearchValues<char> Base64Url = SearchValues.Create(Digits + Lower + Upper + "-_");
    public static readonly SearchValues<char> Base64 = SearchValues.Create(Digits + Lower + Upper + "+/=-_");
    public static readonly SearchValues<char> Dotted = SearchValues.Create(Digits + Lower + Upper + "-_.~+/=");

    /// <summary>How many characters of the alphabet the text begins with.</summary>
    public static int Run(ReadOnlySpan<char> text, SearchValues<char> alphabet) =>
        text.IndexOfAnyExcept(alphabet) is >= 0 and var end ? end : text.Length;

    /// <summary>How many characters of the alphabet the text ends with, at most <paramref name="limit"/>.</summary>
    public static int RunBack(ReadOnlySpan<char> text, SearchValues<char> alphabet, int limit)
    {
        var tail = text[^Math.Min(limit, text.Length)..];
        return tail.Length - 1 - tail.LastIndexOfAnyExcept(alphabet);
    }

    public static bool IsInsideWord(ReadOnlySpan<char> text, int start) => start > 0 && char.IsLetterOrDigit(text[start - 1]);
}

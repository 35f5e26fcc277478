using System.Collections.Frozen;
using ZeroTrust.Redaction.Detectors;

namespace ZeroTrust.Redaction.Optional;

/// <summary>
/// A telephone number: international behind a plus sign (ITU-T E.164), North American with its area in brackets, others behind a telling
/// name.
/// </summary>
internal readonly struct PhoneDetector : IBuiltInDetector
{
    private const string Marker = "[phone]";
    private const int FewestDigits = 7;
    private const int FewestInternational = 8;
    private const int MostDigits = 15;
    private const int AreaLength = 3;
    private const int AmericanDigits = 10;
    private const int NameReach = 32;
    private const int MaxWords = 3;

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Names = new[]
    {
        "phone", "phones", "telephone", "tel", "mobile", "cell", "cellphone", "fax", "sms", "msisdn",
        "telefon", "handy", "telefono", "telefone", "whatsapp",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();

    public static bool TryFind(ReadOnlySpan<char> text, int from, out Finding finding)
    {
        for (var at = from; text[at..].IndexOfAny(Characters.Decimal) is >= 0 and var found;)
        {
            at += found;
            var end = EndOf(text, at, out var digits);
            var start = StartOf(text, from, at);
            if (digits is >= FewestDigits and <= MostDigits
                && !Characters.IsInsideWord(text, start)
                && (end == text.Length || !char.IsLetterOrDigit(text[end]))
                && IsPhone(text, start, end, digits))
            {
                finding = new(start, end - start, Marker);
                return true;
            }

            at = end;
        }

        finding = default;
        return false;
    }

    private static bool IsPhone(ReadOnlySpan<char> text, int start, int end, int digits) => text[start] switch
    {
        '+' => digits >= FewestInternational && text[start + 1] is not '0',
        '(' when digits == AmericanDigits && text[start..end].IndexOf(')') == AreaLength + 1 => true,
        _ => HasName(text[Math.Max(0, start - NameReach)..start]),
    };

    private static bool HasName(ReadOnlySpan<char> before)
    {
        for (var i = 0; i < MaxWords; i++)
        {
            var word = LastWords.TakeLast(ref before, out var gap);
            if (word.IsEmpty || gap.ContainsAny(Characters.Decimal))
            {
                break;
            }

            if (Names.Contains(word))
            {
                return true;
            }
        }

        return false;
    }

    private static int StartOf(ReadOnlySpan<char> text, int from, int at)
    {
        at -= at > from && text[at - 1] == '(' ? 1 : 0;
        return at > from && text[at - 1] == '+' ? at - 1 : at;
    }

    /// <summary>The digits and the single signs between them.</summary>
    private static int EndOf(ReadOnlySpan<char> text, int at, out int digits)
    {
        var end = at;
        digits = 0;
        for (; at < text.Length && digits <= MostDigits; at++)
        {
            if (char.IsAsciiDigit(text[at]))
            {
                digits++;
                end = at + 1;
            }
            else if (text[at] is not (' ' or '-' or '.' or '/' or '(' or ')' or '\u00a0') || at - end > 1)
            {
                break;
            }
        }

        return end;
    }
}

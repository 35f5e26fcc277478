using System.Collections.Frozen;

namespace ZeroTrust.Redaction.Detectors;

/// <summary>
/// An international bank account number (ISO 13616): the length of its country and check digits that are right, modulo 97.
/// </summary>
internal readonly struct IbanDetector : IBuiltInDetector
{
    private const string Marker = "[iban]";
    private const int MinLength = 15;
    private const int MaxLength = 33;
    private const int Modulus = 97;
    private const int PrintedGroup = 4;

    /// <summary>Country and length, from the registry that SWIFT keeps.</summary>
    private const string Registry =
        "AD24AE23AL28AT20AZ28BA20BE16BG22BH22BI27BR29BY28CH21CR22CY28CZ24DE22DJ27DK18DO28EE20EG29ES24FI18FK18FO18FR27GB22GE22GI23GL18GR27GT28" +
        "HN28HR21HU28IE22IL23IQ23IS26IT27JO30KW30KZ20LB28LC32LI21LT20LU20LV21LY25MC27MD24ME22MK19MN20MR27MT31MU30NI28NL18NO15OM23PK24PL28PS29" +
        "PT25QA29RO24RS22RU33SA24SC31SD18SE24SI19SK24SM27SO23ST25SV28TL23TN24TR26UA29VA22VG24XK20YE30";

    private static readonly FrozenDictionary<int, int> Lengths = Registry.Chunk(4).ToFrozenDictionary(
        static entry => Country(entry[0], entry[1]),
        static entry => ((entry[2] - '0') * 10) + entry[3] - '0');

    public static bool TryFind(ReadOnlySpan<char> text, int from, out Finding finding)
    {
        for (var at = from + 2; at + MinLength - 2 <= text.Length && text[at..].IndexOfAny(Characters.Decimal) is >= 0 and var found; at++)
        {
            at += found;
            var start = at - 2;
            if (char.IsAsciiLetter(text[start])
                && char.IsAsciiLetter(text[start + 1])
                && !Characters.IsInsideWord(text, start)
                && LengthOf(text[start..]) is > 0 and var length)
            {
                finding = new(start, length, Marker);
                return true;
            }

            at += Characters.Run(text[(at + 1)..], Characters.Decimal);
        }

        finding = default;
        return false;
    }

    /// <summary>The length of the number the text begins with, its separators with it; 0 where it is none.</summary>
    private static int LengthOf(ReadOnlySpan<char> text)
    {
        if (!Lengths.TryGetValue(Country(char.ToUpperInvariant(text[0]), char.ToUpperInvariant(text[1])), out var wanted))
        {
            return 0;
        }

        Span<char> number = stackalloc char[MaxLength];
        var (count, end) = (0, 0);
        while (end < text.Length && count < wanted)
        {
            if (char.IsAsciiLetterOrDigit(text[end]))
            {
                number[count++] = text[end++];
            }
            else if (Separator.LengthAt(text[end..]) is > 0 and var separator && (text[end] is ' ' or '-' || count % PrintedGroup == 0)
                && end + separator < text.Length && char.IsAsciiLetterOrDigit(text[end + separator]))
            {
                end += separator;
            }
            else
            {
                return 0;
            }
        }

        var isWord = count == wanted && (end == text.Length || !char.IsLetterOrDigit(text[end]));
        return isWord && IsOneCase(number[..count]) && HasCheckDigits(number[..count]) ? end : 0;
    }

    private static bool IsOneCase(ReadOnlySpan<char> number) =>
        !number.ContainsAny(Characters.LowerLetters) || !number.ContainsAny(Characters.UpperLetters);

    private static bool HasCheckDigits(ReadOnlySpan<char> number) =>
        char.IsAsciiDigit(number[2]) && char.IsAsciiDigit(number[3]) && Remainder(number[..4], Remainder(number[4..], 0)) == 1;

    private static int Remainder(ReadOnlySpan<char> number, int remainder)
    {
        foreach (var character in number)
        {
            remainder = char.IsAsciiDigit(character)
                ? ((remainder * 10) + character - '0') % Modulus
                : ((remainder * 100) + char.ToUpperInvariant(character) - 'A' + 10) % Modulus;
        }

        return remainder;
    }

    private static int Country(char first, char second) => (first << 16) | second;
}

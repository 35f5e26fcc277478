namespace ZeroTrust.Redaction.Detectors;

/// <summary>
/// A payment card number: 13 to 19 digits, alone or in groups divided by one space or dash, with the beginning of a card scheme and a right
/// check digit (ISO/IEC 7812-1 annex B). Digits inside a longer word, such as a hash, are no card.
/// </summary>
internal readonly struct PaymentCardDetector : IBuiltInDetector
{
    private const int MinDigits = 13;
    private const int MaxDigits = 19;
    private const string Marker = "[card]";

    public static bool TryFind(ReadOnlySpan<char> text, int from, out Finding finding)
    {
        for (var start = from; text.Length - start >= MinDigits && text[start..].IndexOfAny(Characters.Decimal) is >= 0 and var found;)
        {
            start += found;
            var group = Characters.Run(text[start..], Characters.Decimal);
            if ((group >= MinDigits || (start + group < text.Length && IsSeparator(text[start + group]))) && TryCard(text, start, out var length))
            {
                finding = new(start, length, Marker);
                return true;
            }

            // A card may begin with any group: "order 12 4111 1111 1111 1111".
            start += group;
        }

        finding = default;
        return false;
    }

    private static bool TryCard(ReadOnlySpan<char> text, int start, out int length)
    {
        Span<char> digits = stackalloc char[MaxDigits];
        var count = 0;
        length = 0;
        while (start + length < text.Length)
        {
            var character = text[start + length++];
            if (char.IsAsciiDigit(character))
            {
                if (count == MaxDigits)
                {
                    return false;
                }

                digits[count++] = character;
                if (count >= MinDigits && StandsAlone(text, start, length) && HasScheme(digits[..count]) && HasCheckDigit(digits[..count]))
                {
                    return true;
                }
            }
            else if (!IsSeparator(character) || !char.IsAsciiDigit(text[start + length - 2]))
            {
                return false;
            }
        }

        return false;
    }

    private static bool StandsAlone(ReadOnlySpan<char> text, int start, int length)
    {
        var end = start + length;
        return !Characters.IsInsideWord(text, start) && !IsFraction(text, start)
            && (end == text.Length || !char.IsLetterOrDigit(text[end]));
    }

    private static bool IsFraction(ReadOnlySpan<char> text, int start) => start > 1 && text[start - 1] == '.' && char.IsAsciiDigit(text[start - 2]);

    private static bool IsSeparator(char character) => character is ' ' or '-' or '\u00a0' or '\u2011';

    private static bool HasScheme(ReadOnlySpan<char> digits)
    {
        var first = digits[0] - '0';
        var two = (first * 10) + digits[1] - '0';
        var four = (((two * 10) + digits[2] - '0') * 10) + digits[3] - '0';
        return digits.Length switch
        {
            13 => first == 4 || IsMaestro(two),
            14 => four is (>= 3000 and <= 3059) or 3095 || two is 36 or 38 or 39 || IsMaestro(two),
            15 => two is 34 or 37 || first == 1 || IsMaestro(two),
            16 => first == 4 || two is (>= 51 and <= 55) or 62 or 65 || four is (>= 2221 and <= 2720) or 6011 or 6062 or (>= 6440 and <= 6499) or (>= 3528 and <= 3589)
                or (>= 2200 and <= 2204) or 9792 || two is 81
                || IsMaestro(two),
            _ => (first == 4 && digits.Length == MaxDigits) || two is 62 or 65 || four is 6011 || IsMaestro(two),
        };
    }

    /// <summary>Maestro and the national schemes beside it, of any length.</summary>
    private static bool IsMaestro(int two) => two is 50 or (>= 56 and <= 58) or 63 or 67;

    private static bool HasCheckDigit(ReadOnlySpan<char> digits)
    {
        var sum = 0;
        for (var i = 0; i < digits.Length; i++)
        {
            var digit = digits[^(i + 1)] - '0';
            sum += (i & 1) == 0 ? digit : digit > 4 ? (2 * digit) - 9 : 2 * digit;
        }

        return sum % 10 == 0;
    }
}

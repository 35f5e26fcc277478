namespace ZeroTrust.Redaction.Detectors;

/// <summary>The beginnings and lengths of the card schemes (ISO/IEC 7812-1), and the check digit (annex B).</summary>
internal static class CardScheme
{
    public const int MinDigits = 13;
    public const int MaxDigits = 19;
    public const int UsualDigits = 16;

    public static bool IsCard(ReadOnlySpan<char> digits) => HasScheme(digits) && HasCheckDigit(digits);

    /// <summary>The one other length that has beginnings of its own.</summary>
    public static bool IsAmericanExpress(ReadOnlySpan<char> digits) => digits.Length == 15 && digits[0] == '3' && digits[1] is '4' or '7';

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
            16 => first == 4
                || two is (>= 51 and <= 55) or 62 or 65 or 81
                || four is (>= 2200 and <= 2204) or (>= 2221 and <= 2720) or (>= 3528 and <= 3589)
                || four is 6011 or 6062 or (>= 6440 and <= 6499) or 9792
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

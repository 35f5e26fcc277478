using System.Globalization;
using ZeroTrust.Redaction.Detectors;

namespace ZeroTrust.Redaction.Optional;

/// <summary>The forms and check digits of national numbers, written without signs and in capitals.</summary>
internal static class NationalNumber
{
    private const string DniLetters = "TRWAGMYFPDXBNJZSQVHLCKE";

    public static bool IsKnown(ReadOnlySpan<char> number) => IsInsurance(number) || IsPesel(number) || IsDni(number) || IsCpf(number);

    /// <summary>USA: no area 000, 666 or 900 and above, no group 00, no serial 0000 (20 CFR 422.103, SSA's randomization).</summary>
    public static bool IsSocialSecurity(ReadOnlySpan<char> number) =>
        number.Length == 9 && AreDigits(number)
        && number[..3] is not ("000" or "666") && number[0] != '9' && number[3..5] is not "00" && number[5..] is not "0000";

    private static bool IsInsurance(ReadOnlySpan<char> number) =>
        number.Length == 9 && AreDigits(number[2..8]) && number[8] is >= 'A' and <= 'D'
        && char.IsAsciiLetter(number[0]) && char.IsAsciiLetter(number[1])
        && !"DFIQUV".Contains(number[0], StringComparison.Ordinal) && !"DFIOQUV".Contains(number[1], StringComparison.Ordinal)
        && number[..2] is not ("BG" or "GB" or "NK" or "KN" or "TN" or "NT" or "ZZ");

    private static bool IsPesel(ReadOnlySpan<char> number)
    {
        if (number.Length != 11 || !AreDigits(number))
        {
            return false;
        }

        var (month, day) = (Two(number, 2) % 20, Two(number, 4));
        var check = (10 - (Weighted(number, "1379137913") % 10)) % 10;
        return month is >= 1 and <= 12 && day is >= 1 and <= 31 && check == number[10] - '0';
    }

    private static bool IsDni(ReadOnlySpan<char> number)
    {
        if (number.Length != 9 || !char.IsAsciiLetter(number[8]))
        {
            return false;
        }

        var foreign = "XYZ".IndexOf(number[0], StringComparison.Ordinal);
        var first = foreign >= 0 ? foreign : number[0] - '0';
        return first is >= 0 and <= 9
            && AreDigits(number[1..8])
            && DniLetters[((first * 10_000_000) + int.Parse(number[1..8], CultureInfo.InvariantCulture)) % DniLetters.Length] == number[8];
    }

    private static bool IsCpf(ReadOnlySpan<char> number) =>
        number.Length == 11 && AreDigits(number) && number.ContainsAnyExcept(number[0])
        && CpfDigit(number[..9]) == number[9] - '0' && CpfDigit(number[..10]) == number[10] - '0';

    private static int CpfDigit(ReadOnlySpan<char> digits)
    {
        var sum = 0;
        for (var i = 0; i < digits.Length; i++)
        {
            sum += (digits[i] - '0') * (digits.Length + 1 - i);
        }

        return sum * 10 % 11 % 10;
    }

    private static int Weighted(ReadOnlySpan<char> digits, string weights)
    {
        var sum = 0;
        for (var i = 0; i < weights.Length; i++)
        {
            sum += (digits[i] - '0') * (weights[i] - '0');
        }

        return sum;
    }

    private static int Two(ReadOnlySpan<char> digits, int at) => ((digits[at] - '0') * 10) + digits[at + 1] - '0';

    private static bool AreDigits(ReadOnlySpan<char> text) => !text.ContainsAnyExcept(Characters.Decimal);
}

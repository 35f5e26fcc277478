using System.Buffers;
using ZeroTrust.Redaction.Detectors;

namespace ZeroTrust.Redaction.Optional;

/// <summary>
/// A machine-readable line of a passport with right check digits (ICAO 9303 part 4), its line of names, or a number behind the word.
/// </summary>
internal readonly struct PassportDetector : IBuiltInDetector
{
    private const string Marker = "[passport]";
    private const int LineLength = 44;
    private const int FewestInNumber = 6;
    private const int MostInNumber = 10;
    private const int NameReach = 24;
    private const int Modulus = 10;

    private static readonly SearchValues<char> LineCharacters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789<");

    public static bool TryFind(ReadOnlySpan<char> text, int from, out Finding finding)
    {
        for (var at = from; text[at..].IndexOfAny(LineCharacters) is >= 0 and var found;)
        {
            at += found;
            var length = Characters.Run(text[at..], LineCharacters);
            var word = text.Slice(at, length);
            if (!Characters.IsInsideWord(text, at) && (IsLine(word) || IsNamedNumber(text, at, length)))
            {
                finding = new(at, length, Marker);
                return true;
            }

            at += length;
        }

        finding = default;
        return false;
    }

    private static bool IsLine(ReadOnlySpan<char> line) => line.Length == LineLength && (IsNames(line) || IsData(line));

    private static bool IsNames(ReadOnlySpan<char> line) =>
        line[0] == 'P' && line[5..].Contains("<<", StringComparison.Ordinal) && !line[2..5].ContainsAny(Characters.Decimal);

    private static bool IsData(ReadOnlySpan<char> line) =>
        IsChecked(line[..9], line[9]) && IsChecked(line[13..19], line[19]) && IsChecked(line[21..27], line[27])
        && line[20] is 'M' or 'F' or 'X' or '<';

    private static bool IsNamedNumber(ReadOnlySpan<char> text, int at, int length) =>
        length is >= FewestInNumber and <= MostInNumber
        && (at + length == text.Length || !char.IsLetterOrDigit(text[at + length]))
        && text.Slice(at, length).ContainsAny(Characters.Decimal)
        && text[Math.Max(0, at - NameReach)..at].Contains("passport", StringComparison.OrdinalIgnoreCase);

    private static bool IsChecked(ReadOnlySpan<char> field, char digit)
    {
        var sum = 0;
        for (var i = 0; i < field.Length; i++)
        {
            var value = char.IsAsciiDigit(field[i]) ? field[i] - '0' : field[i] == '<' ? 0 : field[i] - 'A' + Modulus;
            sum += value * (i % 3) switch { 0 => 7, 1 => 3, _ => 1 };
        }

        return digit - '0' == sum % Modulus;
    }
}

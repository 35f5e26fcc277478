using ZeroTrust.Redaction.Detectors;

namespace ZeroTrust.Redaction.Optional;

/// <summary>
/// A national number of a person whose form or check digits show it: SSN (USA), National Insurance (UK), PESEL (Poland), DNI and NIE
/// (Spain), CPF (Brazil).
/// </summary>
internal readonly struct NationalIdDetector : IBuiltInDetector
{
    private const string Marker = "[national-id]";
    private const int Shortest = 9;
    private const int Longest = 14;

    public static bool TryFind(ReadOnlySpan<char> text, int from, out Finding finding)
    {
        Span<char> number = stackalloc char[Longest];
        for (var start = from; start < text.Length; start++)
        {
            if (!char.IsAsciiLetterOrDigit(text[start]) || Characters.IsInsideWord(text, start))
            {
                continue;
            }

            var length = Read(text[start..], number, out var count);
            if (count >= Shortest && IsNumber(text, start, text.Slice(start, length), number[..count]))
            {
                finding = new(start, length, Marker);
                return true;
            }
        }

        finding = default;
        return false;
    }

    /// <summary>The letters and digits to the end of the word, over single signs between groups.</summary>
    private static int Read(ReadOnlySpan<char> text, Span<char> number, out int count)
    {
        count = 0;
        var end = 0;
        while (end < text.Length && count < number.Length)
        {
            if (char.IsAsciiLetterOrDigit(text[end]))
            {
                number[count++] = char.ToUpperInvariant(text[end]);
            }
            else if (!IsJoint(text[end..]) || (text[end] == ' ' && IsComplete(number[..count])))
            {
                break;
            }

            end++;
        }

        return end == text.Length || !char.IsLetterOrDigit(text[end]) ? end : count = 0;
    }

    private static bool IsJoint(ReadOnlySpan<char> text) => text is [' ' or '-' or '.', var next, ..] && char.IsAsciiLetterOrDigit(next);

    private static bool IsComplete(ReadOnlySpan<char> number) =>
        NationalNumber.IsKnown(number) || (number.Length == Shortest && NationalNumber.IsSocialSecurity(number));

    private static bool IsNumber(ReadOnlySpan<char> text, int start, ReadOnlySpan<char> written, ReadOnlySpan<char> number) =>
        NationalNumber.IsKnown(number)
        || (NationalNumber.IsSocialSecurity(number) && (IsPrintedSocialSecurity(written) || IsNamed(text[..start])));

    private static bool IsPrintedSocialSecurity(ReadOnlySpan<char> written) =>
        written.Length == 11 && written[3] is '-' or ' ' && written[6] == written[3];

    private static bool IsNamed(ReadOnlySpan<char> before)
    {
        before = before[Math.Max(0, before.Length - 24)..];
        return before.Contains("ssn", StringComparison.OrdinalIgnoreCase) || before.Contains("social", StringComparison.OrdinalIgnoreCase);
    }
}

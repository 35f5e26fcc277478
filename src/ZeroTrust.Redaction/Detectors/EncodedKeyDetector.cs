using System.Buffers;

namespace ZeroTrust.Redaction.Detectors;

/// <summary>
/// A private key in a text armour that was written in base64 once more, as kubeconfig and variables of CI hold it; to the end of the
/// base64.
/// </summary>
internal readonly struct EncodedKeyDetector : IBuiltInDetector
{
    private const string Marker = "[private-key]";
    private const int Quantum = 4;
    private const int Sample = 96;
    private const int ShortestLine = 16;

    /// <summary>What <c>-----BEGIN </c> becomes behind a number of bytes that three divides, and behind one and two more.</summary>
    private static readonly SearchValues<string> Begins = SearchValues.Create(
        ["LS0tLS1CRUdJTi", "0tLS0tQkVHSU4g", "tLS0tLUJFR0lOI"], StringComparison.Ordinal);

    private static readonly SearchValues<char> LineEnd = SearchValues.Create(" \t\r\n\\\"'");

    public static bool TryFind(ReadOnlySpan<char> text, int from, out Finding finding)
    {
        for (var at = from; text[at..].IndexOfAny(Begins) is >= 0 and var found;)
        {
            at += found;
            var end = EndOf(text, at);
            if (IsPrivate(text[at..end]))
            {
                var start = at - Characters.RunBack(text[from..at], Characters.Base64, Sample);
                finding = new(start, end - start, Marker);
                return true;
            }

            at = end;
        }

        finding = default;
        return false;
    }

    /// <summary>The label of the armour, read from any of the places where its base64 may begin.</summary>
    private static bool IsPrivate(ReadOnlySpan<char> text)
    {
        Span<byte> bytes = stackalloc byte[Sample];
        for (var skipped = 0; skipped < Quantum && skipped < text.Length; skipped++)
        {
            var sample = text[skipped..Math.Min(text.Length, skipped + Sample)];
            sample = sample[..Characters.Run(sample, Characters.Base64)];
            sample = sample[..(sample.Length & ~(Quantum - 1))];
            if (Convert.TryFromBase64Chars(sample, bytes, out var written) && bytes[..written].IndexOf("PRIVATE KEY"u8) >= 0)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The base64, over its line breaks.</summary>
    private static int EndOf(ReadOnlySpan<char> text, int at)
    {
        var end = at + Characters.Run(text[at..], Characters.Base64);
        while (end < text.Length && text[end] is '\r' or '\n' or '\\')
        {
            var line = end + LineBreakLength(text[end..]);
            var length = Characters.Run(text[line..], Characters.Base64);
            if (line == end || length < ShortestLine || (line + length < text.Length && !LineEnd.Contains(text[line + length])))
            {
                break;
            }

            end = line + length;
        }

        return end;
    }

    private static int LineBreakLength(ReadOnlySpan<char> text)
    {
        var length = 0;
        while (length < text.Length)
        {
            if (char.IsWhiteSpace(text[length]))
            {
                length++;
            }
            else if (text[length] == '\\' && length + 1 < text.Length && text[length + 1] is 'n' or 'r')
            {
                length += 2;
            }
            else
            {
                break;
            }
        }

        return length;
    }
}

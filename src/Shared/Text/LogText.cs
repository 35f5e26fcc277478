using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace ZeroTrust.Shared;

/// <summary>
/// Text of unknown origin as a log may hold it: on one line, without anything that steers a terminal or turns a line around, and no longer
/// than it may be.
/// </summary>
/// <remarks>
/// A backslash stays as it is, so the spelling of an escape proves nothing about what was sent; what matters is that nothing else is
/// written.
/// </remarks>
internal static class LogText
{
    /// <summary>The longest single fact: a name, an identity, a value.</summary>
    public const int MaxFactLength = 128;

    /// <summary>The longest detail: sentences, and the first frames of an exception.</summary>
    public const int MaxDetailLength = 2048;

    private const char Cut = '…';
    private const int EscapeLength = 6;
    private const int StackLength = 256;

    private static readonly SearchValues<char> PrintableAscii =
        SearchValues.Create(" !\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~");

    /// <summary>One fact; null stays null. What is short and printable is returned as it is.</summary>
    [return: NotNullIfNotNull(nameof(text))]
    public static string? Fact(string? text) => text is null ? null : Clean(text, MaxFactLength);

    /// <summary>Sentences about what was found. What is short and printable is returned as it is.</summary>
    public static string Detail(string text) => Clean(text, MaxDetailLength);

    private static string Clean(string text, int maxLength) =>
        text.Length <= maxLength && (!text.AsSpan().ContainsAnyExcept(PrintableAscii) || IsPrintable(text)) ? text : Rewrite(text, maxLength);

    private static bool IsPrintable(ReadOnlySpan<char> text)
    {
        while (!text.IsEmpty)
        {
            if (!IsPrintable(text, out var length))
            {
                return false;
            }

            text = text[length..];
        }

        return true;
    }

    private static string Rewrite(ReadOnlySpan<char> text, int maxLength)
    {
        var buffer = maxLength <= StackLength ? stackalloc char[StackLength] : new char[maxLength];
        var (written, cut) = (0, 0);
        while (!text.IsEmpty)
        {
            var isPrintable = IsPrintable(text, out var length);
            var needed = isPrintable ? length : length * EscapeLength;
            if (written + needed > maxLength)
            {
                buffer[cut] = Cut;
                return new string(buffer[..(cut + 1)]);
            }

            if (isPrintable)
            {
                text[..length].CopyTo(buffer[written..]);
            }
            else
            {
                Escape(text[..length], buffer[written..]);
            }

            written += needed;
            cut = written < maxLength ? written : cut;
            text = text[length..];
        }

        return new string(buffer[..written]);
    }

    /// <summary>Whether the first character is seen as it is; half of a pair is not.</summary>
    private static bool IsPrintable(ReadOnlySpan<char> text, out int length) =>
        Rune.DecodeFromUtf16(text, out var rune, out length) == OperationStatus.Done
        && Rune.GetUnicodeCategory(rune)
            is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
                or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned);

    private static void Escape(ReadOnlySpan<char> letters, Span<char> target)
    {
        foreach (var letter in letters)
        {
            target[0] = '\\';
            target[1] = 'u';
            _ = ((int)letter).TryFormat(target[2..], out _, "x4", CultureInfo.InvariantCulture);
            target = target[EscapeLength..];
        }
    }
}

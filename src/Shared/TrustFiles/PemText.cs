using System.Text.RegularExpressions;

namespace ZeroTrust.Shared;

/// <summary>
/// Reads every block of a PEM text. Text between blocks may be anything but a damaged part of one: what is not read is refused with its line.
/// </summary>
internal static partial class PemText
{
    private const string Begin = "-----BEGIN ";
    private const string End = "-----END ";
    private const string Dashes = "-----";
    private const int MaxLabel = 64;

    // Four dashes, typographic ones, lower case, a space too many: all that was once such a line.
    [GeneratedRegex(@"[-\u2010-\u2015\u2212]{2,}\s*(?:BEGIN|END)\b|\b(?:BEGIN|END)\s+[A-Z0-9 .]{1,64}[-\u2010-\u2015\u2212]{2,}", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex DamagedLine { get; }

    /// <exception cref="TrustFileFault">A block is cut off or damaged.</exception>
    public static IReadOnlyList<PemBlock> Read(string text)
    {
        var lines = new LineCounter(text);
        var blocks = new List<PemBlock>();
        var rest = 0;
        for (int begin; (begin = text.IndexOf(Begin, rest, StringComparison.Ordinal)) >= 0;)
        {
            CheckBetween(text, rest, begin, lines);
            blocks.Add(ReadBlock(text, begin, lines, out rest));
        }

        CheckBetween(text, rest, text.Length, lines);
        CheckEnd(text[rest..], lines.Of(text.Length));
        return blocks;
    }

    private static PemBlock ReadBlock(string text, int begin, LineCounter lines, out int rest)
    {
        var line = lines.Of(begin);
        var label = ReadLabel(text, begin + Begin.Length, line);
        var content = begin + Begin.Length + label.Length + Dashes.Length;
        var end = text.IndexOf(Dashes, content, StringComparison.Ordinal);
        var last = $"{End}{label}{Dashes}";
        if (end < 0 || string.CompareOrdinal(text, end, last, 0, last.Length) != 0)
        {
            throw TrustFileFault.At(line, end < 0 || last.StartsWith(text[end..], StringComparison.Ordinal)
                ? $"the {label} block that begins here has no end: the file was cut off, or is being written"
                : $"the {label} block that begins here does not end before line {lines.Of(end)}: \"{last}\" is missing");
        }

        rest = end + last.Length;
        var headers = Headers(text.AsSpan(content, end - content));
        return new PemBlock(label, line, Decode(text.AsSpan((content + headers)..end), label, lines.Of(content + headers)), text.Substring(content, headers).Trim());
    }

    private static string ReadLabel(string text, int at, int line)
    {
        var end = text.IndexOf(Dashes, at, Math.Min(MaxLabel + Dashes.Length, text.Length - at), StringComparison.Ordinal);
        var label = end < 0 ? null : text[at..end];
        return label is { Length: > 0 } && label.All(static letter => letter is >= ' ' and <= '~')
            ? label
            : throw TrustFileFault.At(line, "the BEGIN line is not whole: the file was cut off, or is being written");
    }

    // "Proc-Type: 4,ENCRYPTED", up to an empty line; base64 has no colon.
    private static int Headers(ReadOnlySpan<char> content)
    {
        var colon = content.IndexOf(':');
        if (colon < 0)
        {
            return 0;
        }

        var lastColon = content.LastIndexOf(':');
        var line = content[lastColon..].IndexOf('\n');
        return line < 0 ? 0 : lastColon + line;
    }

    private static byte[] Decode(ReadOnlySpan<char> base64, string label, int line)
    {
        for (var i = 0; i < base64.Length; i++)
        {
            if (!char.IsAsciiLetterOrDigit(base64[i]) && base64[i] is not ('+' or '/' or '=' or ' ' or '\t' or '\r' or '\n' or '\v' or '\f'))
            {
                var at = line + base64[..i].Count('\n');
                throw TrustFileFault.At(at, base64[i] == '\\'
                    ? "it holds \\n as two letters where a line ends, as a variable of one line has it; write them as line ends: printf '%b' \"$TEXT\" > FILE"
                    : $"the {label} block is damaged: {Describe(base64[i])} is no letter of base64");
            }
        }

        try
        {
            var der = Convert.FromBase64String(base64.ToString());
            return der.Length > 0 ? der : throw TrustFileFault.At(line, $"the {label} block is empty");
        }
        catch (FormatException exception) when (exception is not TrustFileFault)
        {
            throw new TrustFileFault($"line {line}: the {label} block is damaged: its base64 is not whole", exception);
        }
    }

    private static void CheckBetween(string text, int from, int to, LineCounter lines)
    {
        if (DamagedLine.Match(text, from, to - from) is { Success: true } match)
        {
            throw TrustFileFault.At(lines.Of(match.Index), "a BEGIN or END line that belongs to no block: part of the file is missing, or the line was changed");
        }
    }

    private static void CheckEnd(string tail, int line)
    {
        var last = tail[(tail.LastIndexOf('\n') + 1)..].TrimStart();
        if (last.Length > 0 && Begin.StartsWith(last, StringComparison.Ordinal))
        {
            throw TrustFileFault.At(line, "the file ends within a BEGIN line: it was cut off, or is being written");
        }
    }

    private static string Describe(char letter) => letter is > ' ' and <= '~' ? $"'{letter}'" : $"U+{(int)letter:X4}";

    /// <summary>The line of a position, for positions that only grow.</summary>
    private sealed class LineCounter(string text)
    {
        private int _position;
        private int _line = 1;

        public int Of(int position)
        {
            if (position < _position)
            {
                return 1 + text.AsSpan(0, position).Count('\n');
            }

            _line += text.AsSpan(_position, position - _position).Count('\n');
            _position = position;
            return _line;
        }
    }
}

using System.Buffers;
using ZeroTrust.Redaction.Detectors;

namespace ZeroTrust.Redaction.Tokens;

/// <summary>What a token looks like. There is one way to read a text by it, so that matching takes no second attempt.</summary>
internal sealed class TokenPattern
{
    /// <summary>A literal of no more characters is found together with what stands behind it.</summary>
    public const int ShortAnchor = 2;

    /// <summary>More characters of one alphabet are not read to judge a token; a longer one is taken to its end.</summary>
    private const int Sample = 1100;
    private const int LongestMiddle = 4096;

    private const string AlphaNumeric = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    private readonly int _optional;
    private readonly int _before;
    private SearchValues<char>? _continuing;

    /// <param name="parts">The parts.</param>
    /// <param name="value">The part that the value begins with.</param>
    public TokenPattern(TokenPart[] parts, int value)
    {
        (Parts, Value) = (parts, value);
        Anchor = parts[0].Literal.Length >= ShortAnchor ? 0 : Array.IndexOf(parts, parts.MaxBy(static part => part.Literal.Length)!);
        _before = parts.Take(Anchor).Sum(static part => part.Min);

        _optional = parts.Reverse().TakeWhile(static part => part.Min == 0).Count();
    }

    public TokenPart[] Parts { get; }

    /// <summary>The part that what is redacted begins with.</summary>
    public int Value { get; }

    /// <summary>The literal a token is found by: the one it begins with, else the longest.</summary>
    public int Anchor { get; }

    public string AnchorText => Parts[Anchor].Literal;

    /// <summary>The fewest characters of what is redacted.</summary>
    public int Shortest => Parts[Value..].Sum(static part => part.Min);

    /// <summary>Whether the anchor stands there, and a token that it begins begins a word.</summary>
    public bool MayStandAt(ReadOnlySpan<char> text, int at) =>
        text[at..].StartsWith(AnchorText, StringComparison.Ordinal) && (Anchor > 0 || !IsInside(text, at));

    /// <summary>Whether a token stands around the place of its anchor.</summary>
    /// <param name="text">The text.</param>
    /// <param name="from">Nothing before it belongs to the token.</param>
    /// <param name="at">Where the anchor would stand.</param>
    /// <param name="bounds">Where each part begins, and behind the last one where the token ends.</param>
    public bool TryMatch(ReadOnlySpan<char> text, int from, int at, Span<int> bounds)
    {
        if (!MayStandAt(text, at) || !TryMatchBefore(text, from, at, bounds))
        {
            return false;
        }

        var end = at;
        for (var i = Anchor; i < Parts.Length; i++)
        {
            bounds[i] = end;
            var length = Length(text[end..], Parts[i], isLast: i == Parts.Length - 1);
            if (length < 0)
            {
                return false;
            }

            end += length;
        }

        bounds[Parts.Length] = end;
        return end == text.Length || IsSampled(end - bounds[Parts.Length - 1]) || IsEnd(text, end);
    }

    /// <summary>
    /// Where a token that was judged by a sample of its last part ends. Not read before, or a long run would be read again for every prefix
    /// in it.
    /// </summary>
    public int EndOf(ReadOnlySpan<char> text, ReadOnlySpan<int> bounds)
    {
        var end = bounds[Parts.Length];
        return IsSampled(end - bounds[Parts.Length - 1]) ? end + Characters.Run(text[end..], Parts[^1].Alphabet) : end;
    }

    private bool IsSampled(int length) => length == Sample && Parts[^1].Max == TokenPart.Any;

    private bool TryMatchBefore(ReadOnlySpan<char> text, int from, int at, Span<int> bounds)
    {
        if (Anchor == 0 || at - from < _before)
        {
            return Anchor == 0;
        }

        for (var i = Anchor - 1; i >= 0; i--)
        {
            var part = Parts[i];
            var length = part.IsLiteral
                ? text[from..at].EndsWith(part.Literal, StringComparison.Ordinal) ? part.Min : -1
                : Characters.RunBack(text[from..at], part.Alphabet, part.IsFixed ? part.Max : part.Max + 1);
            if (length < part.Min || length > part.Max)
            {
                return false;
            }

            at -= length;
            bounds[i] = at;
        }

        return !IsInside(text, at);
    }

    private static int Length(ReadOnlySpan<char> text, TokenPart part, bool isLast)
    {
        if (part.IsLiteral)
        {
            return text.StartsWith(part.Literal, StringComparison.Ordinal) ? part.Min : -1;
        }

        var limit = !isLast ? Math.Min(part.Max, LongestMiddle) : part.Max == TokenPart.Any ? Sample : part.Max + 1;
        var window = text[..Math.Min(text.Length, limit)];
        var run = Characters.Run(window, part.Alphabet);
        if (isLast && !(run == Sample && part.Max == TokenPart.Any))
        {
            // The end of a sentence.
            run = window[..run].TrimEnd('.').Length;
        }

        return run < part.Min || run > part.Max ? -1 : run;
    }

    private bool IsEnd(ReadOnlySpan<char> text, int end) =>
        text[end] == '.' ? end + 1 == text.Length || !Continuing.Contains('.') || !Continuing.Contains(text[end + 1])
        : !char.IsLetterOrDigit(text[end]) && !Continuing.Contains(text[end]);

    /// <summary>
    /// What goes on behind the last part is no end: of <c>[A-Z]{40,50}[=]{0,2}</c> also another letter. Made when it is first asked for, as
    /// alphabets are.
    /// </summary>
    private SearchValues<char> Continuing => _continuing ??= SearchValues.Create(
        AlphaNumeric + string.Concat(Parts[Math.Max(0, Parts.Length - 1 - _optional)..].Select(static part => part.Letters)));

    /// <summary>A token is a word of its own; only its beginning may stand directly behind an escaped line break.</summary>
    private static bool IsInside(ReadOnlySpan<char> text, int at) =>
        char.IsLetterOrDigit(text[at])
        && Characters.IsInsideWord(text, at)
        && !(at > 1 && text[at - 2] == '\\' && text[at - 1] is 'n' or 't' or 'r');
}

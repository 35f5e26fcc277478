using System.Buffers;
using System.Collections.Frozen;

namespace ZeroTrust.OpenTelemetry.Detectors;

/// <summary>A token of a cloud or another vendor, told by its published shape: beginning, alphabet, length, and not written by hand.</summary>
internal sealed class TokenDetector : IBuiltInDetector
{
    private static readonly SearchValues<string> Prefixes =
        SearchValues.Create([.. TokenShapes.All.Select(static shape => shape.Prefix).Distinct(StringComparer.Ordinal)], StringComparison.Ordinal);

    /// <summary>The shapes by their first two characters, the longest prefix first: <c>sk-ant-</c> before <c>sk-</c>.</summary>
    private static readonly FrozenDictionary<(char First, char Second), TokenShape[]> Shapes = TokenShapes.All
        .GroupBy(static shape => (shape.Prefix[0], shape.Prefix[1]))
        .ToFrozenDictionary(static group => group.Key, static group => group.OrderByDescending(static shape => shape.Prefix.Length).ToArray());

    public static bool TryFind(ReadOnlySpan<char> text, int from, out Finding finding)
    {
        for (var at = from; text[at..].IndexOfAny(Prefixes) is >= 0 and var found; at++)
        {
            at += found;
            if (IsInside(text, at))
            {
                continue;
            }

            foreach (var shape in Shapes[(text[at], text[at + 1])])
            {
                if (shape.LengthAt(text[at..]) is > 0 and var length && new TextTraits(text.Slice(at, length)).MayHoldToken)
                {
                    finding = new(at, length, shape.Marker);
                    return true;
                }
            }
        }

        finding = default;
        return false;
    }

    /// <summary>A token is a word of its own; only its beginning may stand directly behind an escaped line break.</summary>
    private static bool IsInside(ReadOnlySpan<char> text, int at) =>
        char.IsLetterOrDigit(text[at]) && Characters.IsInsideWord(text, at) && !(at > 1 && text[at - 2] == '\\' && text[at - 1] is 'n' or 't' or 'r');
}

using ZeroTrust.Redaction.Tokens;

namespace ZeroTrust.Redaction.Detectors;

/// <summary>
/// A token of a cloud or another vendor, told by its published shape: literals, alphabets, lengths, and not written by hand.
/// </summary>
internal readonly struct TokenDetector : IBuiltInDetector
{
    private const int LongestLabel = 32;

    private static readonly TokenIndex Index = new(TokenTable.Read());

    public static bool TryFind(ReadOnlySpan<char> text, int from, out Finding finding)
    {
        while (Index.TryFind(text, from, out finding))
        {
            if (new TextTraits(text[Math.Max(0, finding.Start - LongestLabel)..(finding.Start + finding.Length)]).MayHoldToken)
            {
                return true;
            }

            from = finding.Start + finding.Length;
        }

        return false;
    }
}

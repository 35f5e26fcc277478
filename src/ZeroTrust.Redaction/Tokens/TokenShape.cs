using ZeroTrust.Redaction.Detectors;

namespace ZeroTrust.Redaction.Tokens;

/// <summary>How the issuer of a token writes it, and what shows that a text of that shape is one.</summary>
/// <param name="Vendor">Who issues it, as it stands in the marker.</param>
/// <param name="Pattern">What it looks like.</param>
/// <param name="Checksum">The name of its check sum; empty where it has none.</param>
/// <param name="Evidence">What must be seen beside the shape.</param>
/// <param name="LeastEntropy">Less, in bits for each drawn character, is an example; 0 where the shape is proof enough.</param>
internal sealed record TokenShape(
    string Vendor, TokenPattern Pattern, string Checksum = "", TokenEvidence Evidence = TokenEvidence.None, double LeastEntropy = 0)
{
    public const int MaxBounds = TokenPatternParser.MaxParts + 1;
    private const int Sample = 256;
    private const int LongPart = 10;

    public string Marker { get; } = $"[token:{Vendor}]";

    /// <summary>Finds the token around the place of its anchor.</summary>
    public bool TryFind(ReadOnlySpan<char> text, int from, int at, out Finding finding)
    {
        if (Pattern.MayStandAt(text, at))
        {
            return TryFindAround(text, from, at, out finding);
        }

        finding = default;
        return false;
    }

    private bool TryFindAround(ReadOnlySpan<char> text, int from, int at, out Finding finding)
    {
        Span<int> bounds = stackalloc int[MaxBounds];
        if (!Pattern.TryMatch(text, from, at, bounds) || !IsToken(text, bounds))
        {
            finding = default;
            return false;
        }

        var start = bounds[Pattern.Value];
        finding = new(start, Pattern.EndOf(text, bounds) - start, Marker);
        return true;
    }

    private bool IsToken(ReadOnlySpan<char> text, ReadOnlySpan<int> bounds)
    {
        var start = bounds[Pattern.Value];
        var token = text[start..bounds[Pattern.Parts.Length]];
        if (TokenChecksum.IsRight(Checksum, token))
        {
            return true;
        }

        Span<char> drawn = stackalloc char[Sample];
        drawn = drawn[..Drawn(text, bounds, drawn)];
        return LeastEntropy == 0
            ? HasEvidence(text, bounds, drawn) || Randomness.IsMostlyPlaceholder(drawn)
            : !Randomness.HasPlaceholderRun(token) && Randomness.Entropy(drawn) >= LeastEntropy && HasEvidence(text, bounds, drawn);
    }

    /// <summary>The characters that are drawn: what stands in classes of more than one.</summary>
    private int Drawn(ReadOnlySpan<char> text, ReadOnlySpan<int> bounds, Span<char> drawn)
    {
        var count = 0;
        for (var i = Pattern.Value; i < Pattern.Parts.Length; i++)
        {
            if (!Pattern.Parts[i].IsLiteral && Pattern.Parts[i].Max > 1)
            {
                var part = text[bounds[i]..bounds[i + 1]];
                part = part[..Math.Min(part.Length, drawn.Length - count)];
                part.CopyTo(drawn[count..]);
                count += part.Length;
            }
        }

        return count;
    }

    private bool HasEvidence(ReadOnlySpan<char> text, ReadOnlySpan<int> bounds, ReadOnlySpan<char> drawn) => Evidence switch
    {
        TokenEvidence.None => true,
        TokenEvidence.Near => TokenContext.IsNear(text, bounds[0], Vendor),
        TokenEvidence.Digit => HasDigitAndLetter(drawn) || TokenContext.NamesVendor(text, bounds[0], Vendor),
        TokenEvidence.Case => HasBothCases(drawn) || TokenContext.NamesVendor(text, bounds[0], Vendor),
        _ => IsMixed(text, bounds) || TokenContext.NamesVendor(text, bounds[0], Vendor),
    };

    private bool IsMixed(ReadOnlySpan<char> text, ReadOnlySpan<int> bounds)
    {
        for (var i = 0; i < Pattern.Parts.Length; i++)
        {
            var part = text[bounds[i]..bounds[i + 1]];
            if (part.Length >= LongPart && HasAll(Pattern.Parts[i].Letters) && !HasAll(part))
            {
                return false;
            }
        }

        return true;
    }

    private static bool HasAll(ReadOnlySpan<char> text) => HasDigitAndLetter(text) && HasBothCases(text);

    private static bool HasDigitAndLetter(ReadOnlySpan<char> text) =>
        text.ContainsAny(Characters.Decimal) && (text.ContainsAny(Characters.LowerLetters) || text.ContainsAny(Characters.UpperLetters));

    private static bool HasBothCases(ReadOnlySpan<char> text) =>
        text.ContainsAny(Characters.LowerLetters) && text.ContainsAny(Characters.UpperLetters);
}

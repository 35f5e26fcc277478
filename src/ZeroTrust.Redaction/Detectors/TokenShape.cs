using System.Buffers;

namespace ZeroTrust.Redaction.Detectors;

/// <summary>How the issuer of a token writes it.</summary>
/// <param name="Vendor">Who issues it, as it stands in the marker.</param>
/// <param name="Prefix">What it begins with.</param>
/// <param name="Alphabet">What it is made of behind that.</param>
/// <param name="Min">The fewest characters behind the prefix.</param>
/// <param name="Max">The most; a longer run of the alphabet is something else.</param>
/// <param name="LeastEntropy">Less, in bits for each character, is an example; 0 where the prefix and the length are proof enough.</param>
internal sealed record TokenShape(string Vendor, string Prefix, SearchValues<char> Alphabet, int Min, int Max, double LeastEntropy)
{
    private const int Sample = 1100;

    /// <summary>What it ends with.</summary>
    public string End { get; init; } = "";

    public string Marker { get; } = $"[token:{Vendor}]";

    /// <summary>The length of the token that the text begins with; 0 where it is none.</summary>
    public int LengthAt(ReadOnlySpan<char> text)
    {
        if (!text.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return 0;
        }

        // Judged by its beginning, so that a long run that is no token is not read again for every prefix in it.
        var rest = text[Prefix.Length..];
        var body = rest[..Characters.Run(rest[..Math.Min(rest.Length, Sample)], Alphabet)];
        body = body.Length == Sample ? body : body.TrimEnd('.');
        return body.Length >= Min && body.Length <= Max && body.EndsWith(End, StringComparison.Ordinal) && IsDrawn(body)
            ? Prefix.Length + (body.Length < Sample ? body.Length : Characters.Run(rest, Alphabet))
            : 0;
    }

    private bool IsDrawn(ReadOnlySpan<char> body) =>
        LeastEntropy == 0 || (Randomness.Entropy(body) >= LeastEntropy && !Randomness.HasPlaceholderRun(body));
}

using ZeroTrust.Redaction.Tests.Properties;
using ZeroTrust.Redaction.Tokens;

namespace ZeroTrust.Redaction.Tests.Detectors;

/// <summary>Draws texts of a pattern, and texts that miss it by one thing.</summary>
internal sealed class TokenExamples(TokenPattern pattern, Draw draw)
{
    private const int Spare = 40;
    private const string Foreign = "!\u00e9#~ ";

    public string Drawn() => string.Concat(Parts(static part => part.Min == 0 ? Math.Min(part.Max, 1) : part.Min));

    public string DrawnLong() => string.Concat(Parts(static part => part.Max == TokenPart.Any ? part.Min + Spare : part.Max));

    /// <summary>One character of the longest class of fixed or least length is missing.</summary>
    public string TooShort()
    {
        var parts = Parts(static part => part.Min);
        var longest = Longest();
        parts[longest] = parts[longest][1..];
        return string.Concat(parts);
    }

    /// <summary>One character of the longest class is of another alphabet.</summary>
    public string WithForeignCharacter()
    {
        var parts = Parts(static part => part.Min);
        var longest = Longest();
        var foreign = Foreign.First(character => !pattern.Parts[longest].Letters.Contains(character, StringComparison.Ordinal));
        parts[longest] = parts[longest][..(parts[longest].Length / 2)] + foreign + parts[longest][((parts[longest].Length / 2) + 1)..];
        return string.Concat(parts);
    }

    /// <summary>Each class is a row of one character, as in examples of documents.</summary>
    public string Placeholder() =>
        string.Concat(pattern.Parts.Select(static part => part.IsLiteral ? part.Literal : new string(PlaceholderOf(part.Letters), part.Min)));

    private static char PlaceholderOf(string letters) =>
        letters.Contains('x', StringComparison.Ordinal) ? 'x' : letters.Contains('0', StringComparison.Ordinal) ? '0' : letters[0];

    private int Longest() =>
        Array.IndexOf(pattern.Parts, pattern.Parts.Where(static part => !part.IsLiteral).MaxBy(static part => part.Min));

    private string[] Parts(Func<TokenPart, int> count) =>
        [.. pattern.Parts.Select(part => part.IsLiteral ? part.Literal : draw.Text(part.Letters, count(part)))];
}

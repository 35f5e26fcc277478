using System.Buffers;

namespace ZeroTrust.Redaction.Tokens;

/// <summary>A part of a pattern: a literal, or so many characters of an alphabet.</summary>
/// <param name="Literal">The literal; empty where an alphabet stands.</param>
/// <param name="Letters">The characters of the alphabet; empty where a literal stands.</param>
/// <param name="Min">The fewest.</param>
/// <param name="Max">The most.</param>
internal sealed record TokenPart(string Literal, string Letters, int Min, int Max)
{
    /// <summary>No upper limit.</summary>
    public const int Any = int.MaxValue;

    private SearchValues<char>? _alphabet;

    public TokenPart(string literal)
        : this(literal, "", literal.Length, literal.Length)
    {
    }

    public bool IsLiteral => Literal.Length > 0;

    public bool IsFixed => Min == Max;

    /// <summary>Made when it is first asked for: most rows of a table never are.</summary>
    public SearchValues<char> Alphabet => _alphabet ??= SearchValues.Create(Letters);
}

using System.Buffers;

namespace ZeroTrust.Redaction.Statements;

/// <summary>A UUID without quotes, which is a literal in CQL and KQL.</summary>
internal static class Uuid
{
    public const int Length = 36;
    private const int FirstDash = 8;

    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789abcdefABCDEF-");

    public static bool IsAt(ReadOnlySpan<char> text, int at) =>
        at + Length <= text.Length && text[at + FirstDash] == '-' && text[at + 13] == '-' && text[at + 18] == '-' && text[at + 23] == '-'
        && !text.Slice(at, Length).ContainsAnyExcept(Digits);
}

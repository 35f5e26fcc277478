using System.Text.Json;
using ZeroTrust.Redaction.Rules;

namespace ZeroTrust.ConformanceTests.Redaction;

/// <summary>Whether a key matches a pattern.</summary>
internal static class WildcardJudge
{
    private const string CaseSensitive = "(?-i)";

    public static RedactionVerdict Judge(JsonElement line, int number)
    {
        var pattern = line.GetProperty("pattern").GetString()!;
        var input = line.GetProperty("input").GetString()!;
        var expected = line.GetProperty("expected").GetBoolean();
        var comparison = pattern.StartsWith(CaseSensitive, StringComparison.Ordinal) ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase;
        var text = comparison == StringComparison.Ordinal ? pattern[CaseSensitive.Length..] : pattern;
        return new(number, "wildcard", expected, new KeyPattern(text, comparison).IsMatch(input) == expected) { Shown = $"{pattern} {input}" };
    }
}

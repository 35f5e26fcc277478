using System.Text.Json;
using System.Text.RegularExpressions;
using ZeroTrust.Redaction.Internal;

namespace ZeroTrust.ConformanceTests.Redaction;

/// <summary>Whether the detectors that answer for a rule find what its authors say is there.</summary>
internal static partial class DetectionJudge
{
    private static readonly TextRedactor Redactor = new([], []);

    /// <param name="line">The case.</param>
    /// <param name="number">Its line.</param>
    /// <param name="table">Which detectors answer for its rule.</param>
    /// <param name="positives">Every text that one of the rules of some source is to find: the negatives of its other rules speak for those alone.</param>
    public static RedactionVerdict Judge(JsonElement line, int number, IReadOnlyList<RedactionScope> table, IReadOnlySet<string> positives)
    {
        var rule = line.GetProperty("rule").GetString()!;
        var input = line.GetProperty("input").GetString()!;
        var isPositive = line.GetProperty("kind").GetString() == "positive";
        var scope = RedactionScope.For(table, line.GetProperty("source").GetString()!, rule);
        var verdict = new RedactionVerdict(number, rule, isPositive, IsRight: false) { IsOutOfScope = scope.OutOfScope is not null, Shown = input };
        if (scope.OutOfScope is { } why || (why = isPositive ? WhyFragment(input) : WhyNoNegative(input, positives)) is not null)
        {
            return verdict with { Skipped = why };
        }

        var output = Redactor.Redact(input);
        string[] found = [.. Marks().Matches(output).Select(static match => NameOf(match.Value))];
        var own = found.Count(scope.Answers);
        return verdict with
        {
            IsRight = isPositive ? own >= Math.Max(1, Count(line)) && !Spans(line, input).Any(span => output.Contains(span, StringComparison.Ordinal)) : own == 0,
            HasOtherFinding = own < found.Length || (found.Length == 0 && output != input),
            Shown = $"{input} -> {output}",
        };
    }

    /// <summary>Whether the case is one of detection that has something to find.</summary>
    public static bool IsPositive(JsonElement line) =>
        line.TryGetProperty("kind", out var kind) && kind.GetString() == "positive" && line.TryGetProperty("rule", out _)
        && line.GetProperty("input").GetString() is { } input && WhyFragment(input) is null;

    /// <summary>Some published tests put the value together when they run, and the corpus has only the constant part of it. Told by the text, not by the case.</summary>
    private static string? WhyFragment(string input)
    {
        var text = input.Trim();
        return text.Contains("%s", StringComparison.Ordinal) || QuantifiedClass().IsMatch(text) ? "A template stands in the place of the value."
            : text.EndsWith('=') && !text.EndsWith("==", StringComparison.Ordinal) && text.Contains(' ', StringComparison.Ordinal) ? "The value behind the sign is missing."
            : text.EndsWith(':') ? "The value behind the sign is missing."
            : text.Count(static character => character == '"') % 2 == 1 && text.LastIndexOf('"') is var quote && text.Length - quote < 20 && quote < text.Length - 1 ? "The value is cut off behind its beginning."
            : text.EndsWith('/') && text.Length < 40 && !text.Contains('@', StringComparison.Ordinal) ? "The value is cut off behind its beginning."
            : text.EndsWith('~') && text.Length < 20 ? "The value is cut off behind its beginning."
            : null;
    }

    private static string? WhyNoNegative(string input, IReadOnlySet<string> positives) =>
        positives.Contains(input) ? "Another rule is to find the same text." : null;

    private static int Count(JsonElement line) => line.TryGetProperty("count", out var count) && count.ValueKind == JsonValueKind.Number ? count.GetInt32() : 1;

    private static IEnumerable<string> Spans(JsonElement line, string input) =>
        !line.TryGetProperty("spans", out var spans) || spans.ValueKind != JsonValueKind.Array ? [] : spans.EnumerateArray()
            .Where(static span => span.ValueKind == JsonValueKind.Array && span.GetArrayLength() == 2)
            .Select(span => input[span[0].GetInt32()..Math.Min(input.Length, span[1].GetInt32())]);

    private static string NameOf(string mark) => mark[0] == '[' ? mark[1..^1] : "url-userinfo";

    [GeneratedRegex(@"\[(token:[a-z0-9]+|email|card|jwt|credentials|private-key|secret|iban)\]|REDACTED:REDACTED", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Marks();

    [GeneratedRegex(@"\[[^\]]+\]\{\d+\}", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex QuantifiedClass();
}

using ZeroTrust.Redaction;

namespace ZeroTrust.ConformanceTests.Redaction;

/// <summary>Runs attributes through a plan, and compares what is left with what another product leaves.</summary>
internal static class PlanRunner
{
    private static readonly char[] Separators = [.. " \t\r\n=:;,()[]{}\"'/?&*"];

    public static string Redact(RedactionOptions options, string key, object value)
    {
        var plan = RedactionPolicy.Create(options);
        return plan.RedactTag(new(key, value), out _).Value?.ToString() ?? "";
    }

    public static RedactionOptions WithRule(string key, RedactionAction action) => new() { Rules = [new RedactionRule { Key = key, Action = action }] };

    /// <summary>The words that the other product takes out and that ours leaves.</summary>
    public static IEnumerable<string> Left(string input, string expected, string output)
    {
        HashSet<string> theirs = [.. Words(expected)];
        HashSet<string> ours = [.. Words(output)];
        return Words(input).Where(word => !theirs.Contains(word) && ours.Contains(word));
    }

    private static string[] Words(string text) => text.Split(Separators, StringSplitOptions.RemoveEmptyEntries);
}

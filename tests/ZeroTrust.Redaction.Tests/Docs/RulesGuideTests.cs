using System.Text;
using ZeroTrust.Tests.Support;
using ZeroTrust.Redaction.Rules;

namespace ZeroTrust.Redaction.Tests.Docs;

public sealed class RulesGuideTests
{
    private const string Begin = "<!-- default-rules -->\n";
    private const string End = "<!-- end -->";
    private static readonly string[] HeaderSegments = [".header.", ".metadata."];

    [Fact]
    public void Guide_lists_the_built_in_rules()
    {
        var guide = Documents.Read("docs", "guides", "telemetry.md");
        var from = guide.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        var shown = guide[from..guide.IndexOf(End, from, StringComparison.Ordinal)];
        var expected = Render();

        TestContext.Current.SendDiagnosticMessage("The block to paste:\n{0}", expected);
        Assert.Equal(expected, shown);
    }

    /// <summary>One table row for each action; headers once, with the beginnings of the keys they stand behind, in one spelling.</summary>
    private static string Render()
    {
        var rules = DefaultRules.All.Select(static rule => (Key: Parts(rule.Key), Action: rule.Decision.Action.ToString())).Distinct().ToList();
        var text = new StringBuilder("| action | keys |\n|---|---|\n");
        foreach (var group in rules.GroupBy(static rule => (rule.Action, IsHeader: rule.Key.Prefix.Length > 0)))
        {
            var keys = string.Join(", ", group.Select(static rule => $"`{rule.Key.Name}`").Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
            var prefixes = string.Join(", ", group.Select(static rule => $"`{rule.Key.Prefix}`").Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
            text.Append("| ").Append(group.Key.Action).Append(" | ").Append(group.Key.IsHeader ? $"behind {prefixes}, also with `_` for `-`: " : "").Append(keys).Append(" |\n");
        }

        return text.ToString();
    }

    private static (string Prefix, string Name) Parts(string key)
    {
        foreach (var segment in HeaderSegments)
        {
            if (key.IndexOf(segment, StringComparison.Ordinal) is >= 0 and var at)
            {
                return (key[..(at + segment.Length)], key[(at + segment.Length)..].Replace('_', '-'));
            }
        }

        return ("", key);
    }
}

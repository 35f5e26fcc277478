using System.Text.Json;
using ZeroTrust.Redaction;

namespace ZeroTrust.ConformanceTests.Redaction;

/// <summary>Whether what Datadog's obfuscator takes out of a span is taken out here.</summary>
internal static class SpanJudge
{
    public static RedactionVerdict Judge(JsonElement line, int number)
    {
        var name = line.GetProperty("name").GetString()!;
        var (input, expected) = (line.GetProperty("input"), line.GetProperty("expected"));
        var verdict = new RedactionVerdict(number, "span", IsPositive: true, IsRight: false) { Shown = name };
        if (name.Contains("remove_all_args", StringComparison.Ordinal))
        {
            return verdict with { Skipped = "It takes the key of a command as well, which ours keeps.", IsOutOfScope = true };
        }

        if (name.Contains("disabled", StringComparison.Ordinal) || name.Contains("keep_values", StringComparison.Ordinal) || name.Contains("skipped_key", StringComparison.Ordinal))
        {
            return verdict with { Skipped = "It switches a detector off, which ours cannot be.", IsOutOfScope = true };
        }

        List<string> left = [];
        var any = false;
        foreach (var (key, value, wanted) in Values(input, expected))
        {
            any |= value != wanted;
            var action = key.Contains("url", StringComparison.Ordinal) ? RedactionAction.StripIds
                : key == "resource" || key.Contains("command", StringComparison.Ordinal) || key.Contains("query", StringComparison.Ordinal) || key.Contains("body", StringComparison.Ordinal) ? RedactionAction.StripLiterals
                : RedactionAction.Keep;
            var output = PlanRunner.Redact(PlanRunner.WithRule(key, action), key, value);
            left.AddRange(value == wanted ? (output == value ? [] : [$"{key}: {output}"]) : PlanRunner.Left(value, wanted, output));
        }

        return verdict with { IsPositive = any, IsRight = left.Count == 0, Shown = $"{name} {input} leaves {string.Join(' ', left)}" };
    }

    /// <summary>The attributes of the span and its events, and the resource where it is a statement; as a name for a group of spans it is made from them.</summary>
    private static IEnumerable<(string Key, string Value, string Expected)> Values(JsonElement input, JsonElement expected)
    {
        if (input.TryGetProperty("resource", out var resource) && input.GetProperty("type").GetString() is "sql" or "cassandra")
        {
            yield return ("resource", resource.GetString()!, expected.GetProperty("resource").GetString()!);
        }

        foreach (var tag in Objects(input, "meta"))
        {
            yield return (tag.Name, tag.Value.GetString()!, expected.GetProperty("meta").TryGetProperty(tag.Name, out var wanted) ? wanted.GetString()! : "");
        }

        if (input.TryGetProperty("span_events", out var events))
        {
            for (var i = 0; i < events.GetArrayLength(); i++)
            {
                foreach (var tag in Objects(events[i], "attributes"))
                {
                    yield return (tag.Name, Text(tag.Value), Text(expected.GetProperty("span_events")[i].GetProperty("attributes").GetProperty(tag.Name)));
                }
            }
        }
    }

    private static JsonElement.ObjectEnumerator Objects(JsonElement parent, string name) => parent.TryGetProperty(name, out var value) ? value.EnumerateObject() : default;

    private static string Text(JsonElement attribute) => attribute.EnumerateObject().First(static member => member.Name.EndsWith("value", StringComparison.Ordinal)).Value.ToString();
}

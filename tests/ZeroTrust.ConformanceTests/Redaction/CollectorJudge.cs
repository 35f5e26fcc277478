using System.Text.Json;
using ZeroTrust.Redaction;

namespace ZeroTrust.ConformanceTests.Redaction;

/// <summary>Whether what the Collector's redaction processor takes out is taken out here. What it leaves, ours may erase only by a marker.</summary>
internal static class CollectorJudge
{
    private const string Key = "value";

    public static RedactionVerdict Judge(JsonElement line, int number)
    {
        var test = line.GetProperty("test").GetString()!;
        var input = line.GetProperty("input");
        var verdict = new RedactionVerdict(number, test, IsPositive: true, IsRight: false);
        if (input.ValueKind == JsonValueKind.Object && line.TryGetProperty("config", out var config))
        {
            return JudgeAttributes(verdict, config, input, line.GetProperty("expected"));
        }

        if (input.ValueKind != JsonValueKind.String || line.GetProperty("expected").ValueKind != JsonValueKind.String)
        {
            return verdict with { Skipped = "Its form is not known." };
        }

        var (text, expected) = (input.GetString()!, line.GetProperty("expected").GetString()!);
        var action = test.Contains("url", StringComparison.OrdinalIgnoreCase) ? RedactionAction.StripIds : RedactionAction.StripLiterals;
        var output = PlanRunner.Redact(PlanRunner.WithRule(Key, action), Key, text);
        string[] left = [.. PlanRunner.Left(text, expected, output)];
        return verdict with
        {
            IsPositive = text != expected,
            IsRight = text == expected ? output == text : left.Length == 0,
            Shown = $"{text} -> {output}, expected {expected}, leaves {string.Join(' ', left)}",
        };
    }

    private static RedactionVerdict JudgeAttributes(RedactionVerdict verdict, JsonElement config, JsonElement input, JsonElement expected)
    {
        var options = new RedactionOptions { Mode = IsTrue(config, "allow_all_keys") ? RedactionMode.Deny : RedactionMode.KeepOnly };
        AddRules(options, Texts(config, "allowed_keys").Concat(Texts(config, "ignored_keys")), RedactionAction.Keep);
        AddRules(options, Texts(config, "blocked_key_patterns").Select(static pattern => pattern.Replace(".*", "*", StringComparison.Ordinal)), RedactionAction.Erase);
        List<string> left = [];
        foreach (var attribute in input.EnumerateObject())
        {
            var value = attribute.Value.ToString();
            var output = PlanRunner.Redact(options, attribute.Name, value);
            left.AddRange(!expected.TryGetProperty(attribute.Name, out var kept) ? (output == "[erased]" ? [] : [output])
                : kept.ToString() == value ? (output == value ? [] : [$"{attribute.Name}: {output}"])
                : PlanRunner.Left(value, kept.ToString(), output));
        }

        return verdict with { IsRight = left.Count == 0, Shown = $"{input} leaves {string.Join(' ', left)}" };
    }

    private static void AddRules(RedactionOptions options, IEnumerable<string> keys, RedactionAction action)
    {
        foreach (var key in keys)
        {
            options.Rules.Add(new() { Key = key, Action = action });
        }
    }

    private static bool IsTrue(JsonElement config, string name) => config.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;

    private static IEnumerable<string> Texts(JsonElement config, string name) =>
        config.TryGetProperty(name, out var values) ? values.EnumerateArray().Select(static value => value.GetString()!) : [];
}

using System.Text.Json;
using ZeroTrust.Redaction;

namespace ZeroTrust.ConformanceTests.Redaction;

/// <summary>Whether a line as services write it loses its secrets, and one without any stays as it is.</summary>
internal static class LiveJudge
{
    private static readonly RedactionPolicy Policy = RedactionPolicy.Create(new RedactionOptions());

    /// <summary>Whether the line is one of this form.</summary>
    public static bool IsOne(JsonElement line) =>
        line.TryGetProperty("text", out _) && line.TryGetProperty("kind", out var kind) && kind.GetString() is "secret" or "harmless" or "keep";

    public static RedactionVerdict Judge(JsonElement line, int number)
    {
        var text = line.GetProperty("text").GetString()!;
        var kind = line.GetProperty("kind").GetString()!;
        var output = Redact(line, text);
        string[] left = [.. Strings(line, "spans").Where(span => output.Contains(span, StringComparison.Ordinal))];
        string[] lost = [.. Strings(line, "keep").Where(kept => !output.Contains(kept, StringComparison.Ordinal))];
        var verdict = new RedactionVerdict(number, Optional(line, "cat") is { Length: > 0 } category ? category : kind, kind == "secret", IsRight: false)
        {
            Shown = $"{text} -> {output}",
            Skipped = kind != "secret" && line.TryGetProperty("documented", out var documented) && documented.ValueKind == JsonValueKind.True
                ? "A documented default changes it." : null,
        };
        return verdict with
        {
            IsRight = kind switch { "secret" => left.Length == 0, "keep" => lost.Length == 0, _ => output == text } && (!IsJson(text) || IsJson(output)),
        };
    }

    private static string Redact(JsonElement line, string text) =>
        Optional(line, "key") is { Length: > 0 } key
            ? Policy.RedactTag(new(key, text), Optional(line, "system"), out _).Value?.ToString() ?? ""
            : Policy.RedactText(text);

    private static string? Optional(JsonElement line, string name) => line.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static IEnumerable<string> Strings(JsonElement line, string name) =>
        line.TryGetProperty(name, out var values) && values.ValueKind == JsonValueKind.Array
            ? values.EnumerateArray().Select(static value => value.GetString()!).Where(static value => value.Length > 0)
            : [];

    private static bool IsJson(string text)
    {
        if (text.Length == 0 || text[0] is not ('{' or '['))
        {
            return false;
        }

        try
        {
            using var document = JsonDocument.Parse(text);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}

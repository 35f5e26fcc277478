using System.Text.Json;

namespace ZeroTrust.Authz.Internal;

/// <summary>Reads claims of a document that <see cref="Jose.StrictJson"/> already found free of repeats.</summary>
internal static class ClaimReading
{
    internal static bool HasExactly(this JsonElement element, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (!element.TryGetProperty(name, out _))
            {
                return false;
            }
        }

        return element.GetPropertyCount() == names.Length;
    }

    internal static string? Text(this JsonElement element, string name) =>
        element.GetProperty(name) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

    // Whole seconds only: RFC 7519 allows fractions, but two spellings of one moment help nobody.
    internal static DateTimeOffset? Time(this JsonElement element, string name) =>
        element.GetProperty(name) is { ValueKind: JsonValueKind.Number } value
        && value.TryGetInt64(out var seconds)
        && seconds is >= 0 and <= 253402300799
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : null;
}

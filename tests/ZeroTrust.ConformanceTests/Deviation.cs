using System.Text.Json;

namespace ZeroTrust.ConformanceTests;

/// <summary>A case we judge otherwise than its authors, on purpose.</summary>
internal sealed record Deviation(string Id, string Expected, string Ours, string Reason, string Section)
{
    public static IReadOnlyDictionary<string, Deviation> ReadTable()
    {
        var text = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "deviations.json"));
        return JsonSerializer.Deserialize<Deviation[]>(text, JsonSerializerOptions.Web)!.ToDictionary(deviation => deviation.Id, StringComparer.Ordinal);
    }
}

using System.Text.Json;

namespace ZeroTrust.ConformanceTests.Redaction;

/// <summary>One row of the table that says which detector answers for a rule of a corpus, or why none does.</summary>
/// <param name="Source">Whose corpus it is.</param>
/// <param name="Rule">The rule; <c>*</c> for those without a row of their own.</param>
/// <param name="Detectors">The detectors that answer; <c>token</c> stands for the tokens of every vendor.</param>
/// <param name="OutOfScope">Why none answers.</param>
internal sealed record RedactionScope(string Source, string Rule, IReadOnlyList<string>? Detectors, string? OutOfScope)
{
    private const string AnyRule = "*";

    public static IReadOnlyList<RedactionScope> ReadTable() => JsonSerializer.Deserialize<RedactionScope[]>(
        File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Redaction", "scope.json")), JsonSerializerOptions.Web)!;

    public static RedactionScope For(IReadOnlyList<RedactionScope> table, string source, string rule) =>
        table.FirstOrDefault(row => row.Source == source && row.Rule == rule)
        ?? table.FirstOrDefault(row => row.Source == source && row.Rule == AnyRule)
        ?? new(source, rule, Detectors: null, "No row of the table covers it.");

    public bool Answers(string detector) => Detectors!.Any(own => detector == own || detector.StartsWith(own + ":", StringComparison.Ordinal));
}

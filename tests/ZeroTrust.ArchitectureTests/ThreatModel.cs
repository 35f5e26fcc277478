namespace ZeroTrust.ArchitectureTests;

/// <summary>The rows of the threat model and the tests they name.</summary>
internal static class ThreatModel
{
    private const string Section = "## Boundaries, threats, defences";
    private const int Columns = 5;

    /// <summary>What is wrong with the rows of a page; empty when each names a test there is.</summary>
    public static IReadOnlyList<string> Faults(string page, ISet<string> tests) => [.. Rows(page).SelectMany(row => FaultsOf(row, tests))];

    public static IReadOnlyList<string[]> Rows(string page) => [..
        page[(page.IndexOf(Section, StringComparison.Ordinal) + Section.Length)..].Split('\n')
            .TakeWhile(line => !line.StartsWith("## ", StringComparison.Ordinal))
            .Where(line => line.StartsWith("| ", StringComparison.Ordinal))
            .Skip(1) // the heading
            .Select(line => line.Trim().Trim('|').Split('|', StringSplitOptions.TrimEntries))];

    private static IEnumerable<string> FaultsOf(string[] row, ISet<string> tests)
    {
        var named = row.Length == Columns ? row[^1].Split('`').Where((_, index) => index % 2 == 1).ToArray() : [];
        return named.Length == 0
            ? [$"{row[0]}: names no test"]
            : named.Where(test => !tests.Contains(test)).Select(test => $"{row[0]}: there is no test {test}");
    }
}

using System.Text.RegularExpressions;

namespace ZeroTrust.ArchitectureTests;

/// <summary>
/// Code and manifests shown in the documentation are tested: they equal the marked lines of a sample or an integration test.
/// </summary>
public sealed partial class SnippetTests
{
    [Fact]
    public void Shown_code_is_the_compiled_code()
    {
        var compiled = Repository.Files(Path.Combine("samples", "Snippets"), "*.cs")
            .Concat(Repository.Files(Path.Combine("tests", "ZeroTrust.IntegrationTests"), "*.cs"))
            .Concat(Repository.Files(Path.Combine("samples", "MeshService"), "*.cs"))
            .Concat(Repository.Files(Path.Combine("samples", "Kubernetes"), "*"))
            .SelectMany(file => Marked().Matches(File.ReadAllText(file)))
            .ToDictionary(match => match.Groups["name"].Value, match => Outdent(match.Groups["code"].Value), StringComparer.Ordinal);
        var shown = Documents().SelectMany(file => Shown().Matches(File.ReadAllText(file))
            .Select(match => (File: file, Name: match.Groups["name"].Value, Code: match.Groups["code"].Value.Trim('\n')))).ToList();

        Assert.Contains(shown, snippet => snippet.File.EndsWith("README.md", StringComparison.Ordinal));
        foreach (var (file, name, code) in shown)
        {
            Assert.True(compiled.ContainsKey(name), $"{file} shows {name}, which nothing tests.");
            Assert.Equal(compiled[name], code);
        }
    }

    private static IEnumerable<string> Documents() =>
        Repository.Files("docs", "*.md").Append(Path.Combine(Repository.Root, "README.md"));

    private static string Outdent(string code)
    {
        var lines = code.Trim('\n').Split('\n');
        var indent = lines.Where(line => line.Length > 0).Min(line => line.Length - line.TrimStart().Length);
        return string.Join('\n', lines.Select(line => line.Length > indent ? line[indent..].TrimEnd() : string.Empty)).Trim('\n');
    }

    [GeneratedRegex(@"(?<mark>//|#) snippet: (?<name>\w+)\n(?<code>.*?)\n\s*\k<mark> end", RegexOptions.Singleline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Marked();

    [GeneratedRegex("<!-- snippet: (?<name>\\w+) -->\n```(csharp|yaml|dockerfile)\n(?<code>.*?)```", RegexOptions.Singleline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Shown();
}

using System.Text.RegularExpressions;

namespace ZeroTrust.ArchitectureTests;

/// <summary>The tests of the checkout, as <c>Class</c> and as <c>Class.Method</c>, read from their source.</summary>
internal static partial class TestNames
{
    public static ISet<string> All() => Repository.Files("tests", "*.cs").SelectMany(file => In(File.ReadAllText(file))).ToHashSet(StringComparer.Ordinal);

    public static IEnumerable<string> In(string source) => TestClass().Match(source) is { Success: true } found && Methods(source) is { Count: > 0 } methods
        ? methods.Select(method => $"{found.Groups["name"].Value}.{method}").Prepend(found.Groups["name"].Value)
        : [];

    private static List<string> Methods(string source) => [.. TestMethod().Matches(source).Select(match => match.Groups["name"].Value)];

    [GeneratedRegex(@"^public (sealed |static |abstract )*(partial )?class (?<name>\w+)", RegexOptions.ExplicitCapture | RegexOptions.Multiline, 1000)]
    private static partial Regex TestClass();

    // A test's attributes stand right above it.
    [GeneratedRegex(@"\[(Fact|Theory|Property)\b.*?^    public [^\r\n(=]*?(?<name>\w+)\(", RegexOptions.ExplicitCapture | RegexOptions.Multiline | RegexOptions.Singleline, 1000)]
    private static partial Regex TestMethod();
}

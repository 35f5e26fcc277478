using System.Text.RegularExpressions;

namespace ZeroTrust.ArchitectureTests;

public sealed partial class LinkTests
{
    [Fact]
    public void Relative_links_lead_somewhere()
    {
        var documents = Repository.Files("docs", "*.md").Concat(Directory.EnumerateFiles(Repository.Root, "*.md"));
        var broken = from document in documents
                     from match in Links().Matches(Code().Replace(File.ReadAllText(document), string.Empty))
                     let target = match.Groups["target"].Value
                     where !target.Contains("://", StringComparison.Ordinal)
                     where !Path.Exists(Path.Combine(Path.GetDirectoryName(document)!, target))
                     select Path.GetFileName(document) + " -> " + target;

        Assert.Empty(broken);
    }

    [GeneratedRegex(@"\]\((?<target>[^)#]+)(#[^)]*)?\)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Links();

    [GeneratedRegex("`[^`\\n]+`", RegexOptions.None, 1000)]
    private static partial Regex Code();
}

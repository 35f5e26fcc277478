using System.Reflection;

namespace ZeroTrust.ArchitectureTests;

/// <summary>Every header that is taken from requests is on its page, with a source.</summary>
public sealed class CertificateHeaderDocsTests
{
    private static readonly string Page = Repository.Read("docs", "reference", "certificate-headers.md");

    [Fact]
    public void Every_family_has_a_row_with_a_source()
    {
        var rows = Page.Split('\n').Where(line => line.StartsWith("| `", StringComparison.Ordinal)).ToList();
        var missing = Names("Families").Where(family => !rows.Any(row =>
            row.Split('|')[1].Contains($"`{family}`", StringComparison.Ordinal) && row.Split('|')[3].Contains("](https://", StringComparison.Ordinal)));

        Assert.Empty(missing);
    }

    [Fact]
    public void Every_row_is_a_family()
    {
        var named = Page.Split('\n').Where(line => line.StartsWith("| `", StringComparison.Ordinal) && line.Contains("](https://", StringComparison.Ordinal))
            .SelectMany(line => line.Split('|')[1].Split(','))
            .Select(name => name.Trim(' ', '`'));

        Assert.Equal(Names("Families").Order(StringComparer.Ordinal), named.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_shape_and_word_is_named() =>
        Assert.All(
            Names("Shapes").Concat(Words("Wholes")).Concat(Words("Alone")).Concat(Words("Last")).Concat(Pairs("Holders")).Concat(Pairs("Attributes")),
            shape => Assert.Contains($"`{shape}`", Page, StringComparison.Ordinal));

    private static string[] Names(string table) => (string[])Read("CertificateHeaderFamilies", table);

    private static string[] Words(string table) => (string[])Read("CertificateHeaderWords", table);

    private static string[] Pairs(string table) => [.. (((string Word, int Whose)[])Read("CertificateHeaderWords", table)).Select(pair => pair.Word)];

    private static object Read(string type, string table) => Packages.Load("ZeroTrust.AspNetCore")
        .GetType("ZeroTrust.Shared." + type, throwOnError: true)!
        .GetField(table, BindingFlags.Static | BindingFlags.Public)!.GetValue(null)!;
}

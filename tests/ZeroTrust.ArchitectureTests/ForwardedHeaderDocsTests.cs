using System.Reflection;

namespace ZeroTrust.ArchitectureTests;

/// <summary>Every forwarded header that is taken from requests is on its page, and nothing else.</summary>
public sealed class ForwardedHeaderDocsTests
{
    private static readonly string Page = Repository.Read("docs", "reference", "forwarded-headers.md");

    [Theory]
    [InlineData("Families")]
    [InlineData("Endings")]
    [InlineData("Clients")]
    [InlineData("Facts")]
    public void Every_name_is_on_its_page(string table) =>
        Assert.All(Names(table), name => Assert.Contains($"`{name}`", Page, StringComparison.Ordinal));

    [Fact]
    public void Every_row_is_a_name()
    {
        var named = Page.Split('\n').Where(line => line.StartsWith("| `", StringComparison.Ordinal))
            .SelectMany(line => line.Split('|')[1].Split(','))
            .Select(name => name.Trim(' ', '`'));

        Assert.Equal(Names("Families").Order(StringComparer.Ordinal), named.Order(StringComparer.Ordinal));
    }

    private static string[] Names(string table) => (string[])Packages.Load("ZeroTrust.AspNetCore")
        .GetType("ZeroTrust.AspNetCore.Proxies.ForwardedHeaders", throwOnError: true)!
        .GetField(table, BindingFlags.Static | BindingFlags.Public)!.GetValue(null)!;
}

using System.Globalization;

namespace ZeroTrust.Tests;

public sealed class PermissionSetTests
{
    [Fact]
    public void Text_is_sorted_and_parses_back()
    {
        var set = PermissionSet.Create("orders:write", "orders:read", "orders:write");

        Assert.Equal("orders:read orders:write", set.ToString());
        Assert.Equal(set, PermissionSet.Parse(set.ToString()));
        Assert.Equal(set.GetHashCode(), PermissionSet.Parse(set.ToString()).GetHashCode());
        Assert.Equal(2, set.Count);
    }

    [Fact]
    public void Empty_text_grants_nothing()
    {
        Assert.Same(PermissionSet.Empty, PermissionSet.Parse(string.Empty));
        Assert.False(PermissionSet.Empty.Contains(string.Empty));
        Assert.False(PermissionSet.TryParse(null, out _));
    }

    [Theory]
    [InlineData(" ")]
    [InlineData("a ")]
    [InlineData(" a")]
    [InlineData("a  b")]
    [InlineData("a a")]
    [InlineData("a\tb")]
    [InlineData("Orders:read")]
    [InlineData(":read")]
    [InlineData("*")]
    [InlineData("orders:*")]
    public void Malformed_text_is_refused(string text)
    {
        Assert.False(PermissionSet.TryParse(text, out _));
        Assert.Throws<FormatException>(() => PermissionSet.Parse(text));
    }

    [Fact]
    public void Count_is_limited()
    {
        static IEnumerable<string> Make(int count) =>
            Enumerable.Range(0, count).Select(i => "p" + i.ToString(CultureInfo.InvariantCulture));

        Assert.True(PermissionSet.TryCreate(Make(64), out _));
        Assert.False(PermissionSet.TryCreate(Make(65), out _));
        Assert.True(PermissionSet.TryParse(string.Join(' ', Make(64)), out _));
        Assert.False(PermissionSet.TryParse(string.Join(' ', Make(65)), out _));
    }

    [Fact]
    public void Length_of_a_permission_is_limited()
    {
        Assert.True(PermissionSet.IsPermission(new string('a', 64)));
        Assert.False(PermissionSet.IsPermission(new string('a', 65)));
    }

    [Fact]
    public void Subset_and_intersection_are_exact()
    {
        var wide = PermissionSet.Parse("a b c");
        var narrow = PermissionSet.Parse("a b");

        Assert.True(narrow.IsSubsetOf(wide));
        Assert.True(wide.IsSubsetOf(wide));
        Assert.True(PermissionSet.Empty.IsSubsetOf(narrow));
        Assert.False(wide.IsSubsetOf(narrow));
        Assert.Equal(narrow, wide.Intersect(narrow));
        Assert.Equal(PermissionSet.Empty, narrow.Intersect(PermissionSet.Parse("ab")));
    }
}

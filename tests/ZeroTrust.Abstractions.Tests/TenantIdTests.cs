namespace ZeroTrust.Tests;

public sealed class TenantIdTests
{
    [Theory]
    [InlineData("a")]
    [InlineData("0")]
    [InlineData("acme-eu.prod_1")]
    public void Well_formed_is_accepted(string text)
    {
        Assert.True(TenantId.TryParse(text, out var tenant));
        Assert.Equal(text, tenant.ToString());
        Assert.Equal(tenant, TenantId.Parse(text));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("Acme")]
    [InlineData("-acme")]
    [InlineData("acme ")]
    [InlineData("acme\n")]
    [InlineData("acme,b")]
    [InlineData("\u0430cme")]
    [InlineData("acme\u0000")]
    [InlineData("acme%20")]
    public void Malformed_is_refused(string text)
    {
        Assert.False(TenantId.TryParse(text, out var tenant));
        Assert.True(tenant.IsDefault);
        Assert.Throws<FormatException>(() => TenantId.Parse(text));
    }

    [Fact]
    public void Length_is_limited()
    {
        Assert.True(TenantId.TryParse(new string('a', 128), out _));
        Assert.False(TenantId.TryParse(new string('a', 129), out _));
    }

    [Fact]
    public void Default_names_nothing()
    {
        Assert.True(default(TenantId).IsDefault);
        Assert.Equal(string.Empty, default(TenantId).ToString());
        Assert.NotEqual(default, TenantId.Parse("a"));
        Assert.Equal(0, default(TenantId).GetHashCode());
    }

    [Fact]
    public void Null_is_refused()
    {
        Assert.False(TenantId.TryParse(null, provider: null, out _));
        Assert.Throws<FormatException>(() => TenantId.Parse(null!));
    }
}

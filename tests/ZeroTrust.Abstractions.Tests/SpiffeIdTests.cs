namespace ZeroTrust.Tests;

public sealed class SpiffeIdTests
{
    [Theory]
    [InlineData("spiffe://example.test", "example.test", "")]
    [InlineData("spiffe://example.test/orders", "example.test", "/orders")]
    [InlineData("spiffe://a_b-c.1/ns/Prod/sa/or.ders_1", "a_b-c.1", "/ns/Prod/sa/or.ders_1")]
    public void Well_formed_is_taken_apart(string text, string domain, string path)
    {
        Assert.True(SpiffeId.TryParse(text, out var id));
        Assert.Equal(domain, id.TrustDomain.ToString());
        Assert.Equal(path, id.Path);
        Assert.Equal(text, id.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("spiffe://")]
    [InlineData("spiffe:///path")]
    [InlineData("SPIFFE://example.test/a")]
    [InlineData("spiffe://Example.test/a")]
    [InlineData("https://example.test/a")]
    [InlineData("spiffe://example.test/")]
    [InlineData("spiffe://example.test/a/")]
    [InlineData("spiffe://example.test//a")]
    [InlineData("spiffe://example.test/./a")]
    [InlineData("spiffe://example.test/a/..")]
    [InlineData("spiffe://example.test:443/a")]
    [InlineData("spiffe://user@example.test/a")]
    [InlineData("spiffe://example.test/a?q")]
    [InlineData("spiffe://example.test/a#f")]
    [InlineData("spiffe://example.test/%61")]
    [InlineData("spiffe://example.test/\u0430")]
    public void Malformed_is_refused(string text) => Assert.False(SpiffeId.TryParse(text, out _));

    [Fact]
    public void Length_is_limited()
    {
        const string start = "spiffe://example.test/";

        Assert.True(SpiffeId.TryParse(start + new string('a', 2048 - start.Length), out _));
        Assert.False(SpiffeId.TryParse(start + new string('a', 2049 - start.Length), out _));
    }

    [Fact]
    public void Trust_domain_is_limited_to_255_characters()
    {
        Assert.True(TrustDomain.TryParse(new string('a', 255), out _));
        Assert.False(TrustDomain.TryParse(new string('a', 256), out _));
    }

    [Fact]
    public void Default_names_nothing()
    {
        Assert.True(default(SpiffeId).TrustDomain.IsDefault);
        Assert.Equal(string.Empty, default(SpiffeId).Path);
    }
}

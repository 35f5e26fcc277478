namespace ZeroTrust.Abstractions.Tests;

public sealed class WeakeningTests
{
    [Fact]
    public void A_weakening_is_known_by_its_name_and_reason()
    {
        Assert.Equal(new Weakening("mtls.no_revocation:a.test", "a lab"), new Weakening("mtls.no_revocation:a.test", "a lab"));
        Assert.NotEqual(new Weakening("mtls.no_revocation:a.test", "a lab"), new Weakening("mtls.no_revocation:a.test", "another lab"));
    }

    [Theory]
    [InlineData("", "reason")]
    [InlineData("name", "")]
    [InlineData("name", " ")]
    [InlineData("name", null)]
    public void It_needs_a_name_and_a_reason(string? name, string? reason) =>
        Assert.ThrowsAny<ArgumentException>(() => new Weakening(name!, reason!));
}

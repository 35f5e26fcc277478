using System.Net;

namespace ZeroTrust.X509.Tests;

public sealed class ReferenceIdentifierTests
{
    [Theory]
    [InlineData("*.example.com")]
    [InlineData("192.0.2.1")]
    [InlineData("example.com.")]
    [InlineData("bücher.example")]
    [InlineData("a_b.example")]
    public void What_is_no_host_name_cannot_be_expected(string name) => Assert.Throws<ArgumentException>(() => ReferenceIdentifier.Dns(name));

    [Fact]
    public void Nothing_cannot_be_expected()
    {
        Assert.Throws<ArgumentException>(() => ReferenceIdentifier.Dns(string.Empty));
        Assert.Throws<ArgumentException>(() => ReferenceIdentifier.Uri(string.Empty));
        Assert.Throws<ArgumentException>(() => ReferenceIdentifier.Email(string.Empty));
        Assert.Throws<ArgumentNullException>(() => ReferenceIdentifier.Ip(null!));
    }

    [Fact]
    public void An_expected_name_tells_its_kind()
    {
        Assert.Equal("Dns:a.example.com", ReferenceIdentifier.Dns("a.example.com").ToString());
        Assert.Equal("IpAddress:2001:db8::1", ReferenceIdentifier.Ip(IPAddress.Parse("2001:DB8::1")).ToString());
        Assert.Equal(GeneralNameKind.Uri, ReferenceIdentifier.Uri("urn:a").Kind);
        Assert.Equal("a@example.com", ReferenceIdentifier.Email("a@example.com").Value);
    }
}

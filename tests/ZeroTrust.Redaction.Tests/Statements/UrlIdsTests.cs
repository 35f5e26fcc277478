using ZeroTrust.Redaction.Statements;

namespace ZeroTrust.Redaction.Tests.Statements;

public sealed class UrlIdsTests
{
    [Theory]
    [InlineData("https://a.test/users/42/orders/0736f5ef-7e88?x=1", "https://a.test/users/*/orders/*")]
    [InlineData("/api/v2/users/me", "/api/v2/users/me")]
    [InlineData("https://a1.test", "https://a1.test")]
    public void Ids_of_a_path_go(string url, string expected) => Assert.Equal(expected, UrlIds.Strip(url));
}

using ZeroTrust.Redaction.Internal;

namespace ZeroTrust.Redaction.Tests;

public sealed class TextRedactorTests
{
    private static readonly TextRedactor Redactor = new([], []);
    private const string Jwt = "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhIn0.c2lnbmF0dXJl";

    [Theory]
    [InlineData("mail alice@example.com now", "mail [email] now")]
    [InlineData("a.b+c@sub.example.co.uk", "[email]")]
    [InlineData("/users/alice%40example.com", "/users/[email]")]
    [InlineData("<alice@example.com>,<bob@example.com>.", "<[email]>,<[email]>.")]
    public void Email_is_redacted(string text, string expected) => Assert.Equal(expected, Redactor.Redact(text));

    [Theory]
    [InlineData("4111111111111111", "[card]")]
    [InlineData("card 4111 1111 1111 1111.", "card [card].")]
    [InlineData("order 12 4111-1111-1111-1111", "order 12 [card]")]
    [InlineData("378282246310005", "[card]")]
    [InlineData("30569309025904", "[card]")]
    [InlineData("5019717010103742", "[card]")]
    [InlineData("2223003122003222,6011111111111117", "[card],[card]")]
    [InlineData("amount:\"5555555555554444\"", "amount:\"[card]\"")]
    public void Payment_card_is_redacted(string text, string expected) => Assert.Equal(expected, Redactor.Redact(text));

    [Theory]
    [InlineData("a " + Jwt + " b", "a [jwt] b")]
    [InlineData("eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0.", "[jwt]")]
    [InlineData("eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhIn0", "[jwt]")]
    [InlineData("eyJhbGciOiJkaXIifQ..aXY.Y3Q.dGFn", "[jwt]")]
    [InlineData("ewogICJhbGciOiAiRVMyNTYiCn0.eyJzdWIiOiJhIn0.c2ln", "[jwt]")]
    [InlineData("eyJhbGciOiJFQ0RILUVTIn0.ZWs.aXY.Y3Q.dGFn", "[jwt]")]
    public void Token_is_redacted(string text, string expected) => Assert.Equal(expected, Redactor.Redact(text));

    [Theory]
    [InlineData("Bearer 0123456789abcdef", "Bearer [credentials]")]
    [InlineData("using bearer aBc4Efgh.", "using bearer [credentials]")]
    [InlineData("Basic dXNlcjpwYXNz", "Basic [credentials]")]
    [InlineData("Basic YTpi", "Basic [credentials]")]
    [InlineData("DPoP  k-1_abcdefgh", "DPoP  [credentials]")]
    public void Credentials_are_redacted(string text, string expected) => Assert.Equal(expected, Redactor.Redact(text));

    [Theory]
    [InlineData("Server=db;Password=hunter2;Encrypt=true", "Server=db;Password=[secret];Encrypt=true")]
    [InlineData("AccountKey=abc==;EndpointSuffix=x", "AccountKey=[secret];EndpointSuffix=x")]
    [InlineData("{\"client_secret\": \"a b,c\", \"x\": 1}", "{\"client_secret\": \"[secret]\", \"x\": 1}")]
    [InlineData("pwd='x;y' ", "pwd='[secret]' ")]
    [InlineData("cookie: a=1; b=2\r\nhost: x", "cookie: [secret]\r\nhost: x")]
    [InlineData("Txn-Certs: MIIBxyz, MIIBabc", "Txn-Certs: [secret]")]
    [InlineData("authorization: Custom a b", "authorization: [secret]")]
    public void Named_secret_is_redacted(string text, string expected) => Assert.Equal(expected, Redactor.Redact(text));

    [Theory]
    [InlineData("-----BEGIN PRIVATE KEY-----\nabc\n-----END PRIVATE KEY----- tail", "[private-key] tail")]
    [InlineData("key -----BEGIN RSA PRIVATE KEY-----\nabc", "key [private-key]")]
    public void Private_key_is_redacted(string text, string expected) => Assert.Equal(expected, Redactor.Redact(text));

    [Theory]
    [InlineData("https://u:p@example.test/x", "https://REDACTED:REDACTED@example.test/x")]
    [InlineData("postgres://user@db/app failed", "postgres://REDACTED:REDACTED@db/app failed")]
    [InlineData("GET https://example.test/x?a=1&b={2} failed", "GET https://example.test/x?* failed")]
    [InlineData("https://example.test/cb#access=1", "https://example.test/cb#*")]
    [InlineData("/orders?customer=7", "/orders?*")]
    [InlineData("/?a", "/?*")]
    [InlineData("GET /orders?customer=7 HTTP/1.1", "GET /orders?* HTTP/1.1")]
    [InlineData("https://u:p@a.test/?q https://b.test/?r", "https://REDACTED:REDACTED@a.test/?* https://b.test/?*")]
    public void Url_loses_user_and_query(string text, string expected) => Assert.Equal(expected, Redactor.Redact(text));

    [Theory]
    [InlineData("")]
    [InlineData("authz.permission_missing")]
    [InlineData("spiffe://example.test/orders")]
    [InlineData("4111111111111112")]
    [InlineData("1234567812345670")]
    [InlineData("9999999999999995")]
    [InlineData("1732389422000")]
    [InlineData("f4111111111111111e")]
    [InlineData("0.4111111111111111")]
    [InlineData("user@localhost and @scope/package@1")]
    [InlineData("bearer authentication failed, basic authentication failed")]
    [InlineData("eyJ is how a token begins")]
    [InlineData("eyJub3QiOiJ1c2VkIn0.eyJzdWIiOiJhIn0.c2lnbmF0dXJl")]
    [InlineData("the password was wrong, no token")]
    [InlineData("-----BEGIN CERTIFICATE-----\nabc\n-----END CERTIFICATE-----")]
    [InlineData("https://example.test/orders/7 Is it there? Yes")]
    [InlineData("why /orders ?")]
    [InlineData("Password=")]
    public void Clean_text_is_the_same_object(string text) => Assert.Same(text, Redactor.Redact(text));

    [Fact]
    public void Redacted_text_stays_as_it_is()
    {
        const string Text = "a@example.com 4111111111111111 " + Jwt + " Bearer 0123456789 Password=x; https://u:p@example.test/?q\ncookie: a\n-----BEGIN PRIVATE KEY-----";

        var once = Redactor.Redact(Text);

        Assert.Same(once, Redactor.Redact(once));
    }

    [Theory]
    [InlineData("@")]
    [InlineData("eyJ")]
    [InlineData("eyJaaaaaaaa.")]
    [InlineData("1 ")]
    [InlineData("://")]
    [InlineData("/?")]
    [InlineData("password:")]
    [InlineData("bearer ")]
    [InlineData("-----BEGIN ")]
    [InlineData("a@b")]
    public void Repeated_beginnings_end(string part)
    {
        var text = string.Concat(Enumerable.Repeat(part, 20_000));

        Assert.NotNull(Redactor.Redact(text));
    }
}

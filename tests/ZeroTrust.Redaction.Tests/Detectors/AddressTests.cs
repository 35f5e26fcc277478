using ZeroTrust.Redaction.Internal;

namespace ZeroTrust.Redaction.Tests.Detectors;

/// <summary>Addresses of people, and names with an at sign that are none; account numbers in their groups.</summary>
public sealed class AddressTests
{
    private static readonly TextRedactor Redactor = new([], []);

    [Theory]
    [InlineData("to alice@example.com, bob", "to [email], bob")]
    [InlineData("ALICE@EXAMPLE.CO.UK", "[email]")]
    [InlineData("o'hara+promo@shop.museum", "[email]")]
    [InlineData("salome@xn--mller-shne-yfb9f.de", "[email]")]
    [InlineData("иван@почта.рф", "[email]")]
    [InlineData("\"a b\"@example.org", "[email]")]
    [InlineData("{\"m\":\"\\\"a b\\\"@example.org\"}", "{\"m\":\"[email]\"}")]
    [InlineData("alice%40example.com", "[email]")]
    [InlineData("alice%2540example.com", "[email]")]
    [InlineData("{\"email\":\"anna\\u0040example.com\"}", "{\"email\":\"[email]\"}")]
    [InlineData("piet&#64;aquilar.es", "[email]")]
    [InlineData("alice@example.com.Then he left", "[email].Then he left")]
    [InlineData("alice@example.com.json", "[email].json")]
    [InlineData("x@163.com", "[email]")]
    public void Address_is_redacted(string text, string expected) => Assert.Equal(expected, Redactor.Redact(text));

    [Theory]
    [InlineData("celery@worker-7d9f.shop.svc ready.")]
    [InlineData("rabbit@rabbitmq-0.rabbitmq-nodes.mq.svc.cluster.local is running")]
    [InlineData("Started User Manager (user@1000.service)")]
    [InlineData("git@github.com:acme/orders.git")]
    [InlineData("root@ip-10-0-3-77.ec2.internal")]
    [InlineData("esbuild@0.19.11.tgz cached")]
    [InlineData("pkg@1.2.3")]
    [InlineData("parser@1.2.3-beta.dev")]
    [InlineData("report@2026.zip")]
    [InlineData("holder com.acme.Foo@a1b2.c3d4 held")]
    [InlineData("logo@2x.png")]
    [InlineData("{\"from\":\"@example.com\"}")]
    [InlineData("a@b")]
    public void Name_with_an_at_sign_stays(string text) => Assert.Same(text, Redactor.Redact(text));

    [Theory]
    [InlineData("DE89.3704.0044.0532.0130.00", "[iban]")]
    [InlineData("iban=DE89+3704+0044+0532+0130+00&name=test", "iban=[iban]&name=test")]
    [InlineData("de89 3704 0044 0532 0130 00", "[iban]")]
    [InlineData("DE89\u00a03704\u00a00044\u00a00532\u00a00130\u00a000", "[iban]")]
    public void Account_in_groups_is_redacted(string text, string expected) => Assert.Equal(expected, Redactor.Redact(text));

    [Theory]
    [InlineData("DE893704.0044.0532.013.000")]
    [InlineData("RF18539007547034")]
    [InlineData("DE89 3704 0044 0532 0130 000")]
    public void Almost_an_account_stays(string text) => Assert.Same(text, Redactor.Redact(text));
}

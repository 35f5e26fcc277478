namespace ZeroTrust.Redaction.Tests.Text;

/// <summary>URLs, also those that are none: what goes, what stays beside it, and what looks like it.</summary>
public sealed class UrlReaderTests
{
    private static readonly RedactionPolicy Policy = RedactionPolicy.Create(new RedactionOptions());

    [Theory]
    [InlineData("mongodb://admin:p@ss/Ab12Cd34x#1@10.2.0.7:27017/admin", "mongodb://REDACTED:REDACTED@10.2.0.7:27017/admin")]
    [InlineData("postgres://svc:Ab12/Cd34x@pg/app", "postgres://REDACTED:REDACTED@pg/app")]
    [InlineData("amqp://svc:Ab12?Cd34x@rabbit/x", "amqp://REDACTED:REDACTED@rabbit/x")]
    [InlineData("redis://:Ab#12Cd34x@cache:6379", "redis://REDACTED:REDACTED@cache:6379")]
    [InlineData("https://user:hunter2@h.test/p", "https://REDACTED:REDACTED@h.test/p")]
    [InlineData(
        "amqp://a:hunter2@mq1:5672,amqp://b:hunter3@mq2:5672",
        "amqp://REDACTED:REDACTED@mq1:5672,amqp://REDACTED:REDACTED@mq2:5672")]
    [InlineData("GET /reset/a5a08ff420528613ecd701700038354fb6b863b8 200", "GET /reset/[secret] 200")]
    [InlineData("\"repo\":\"https:\\/\\/ci:hunter2Xy@git.test\\/x.git\"", "\"repo\":\"https:\\/\\/REDACTED:REDACTED@git.test\\/x.git\"")]
    [InlineData("app:hunter2Xy@tcp(mysql:3306)/orders", "app:[secret]@tcp(mysql:3306)/orders")]
    [InlineData("jdbc:oracle:thin:hr/hunter2Xy@ora:1521:DB", "jdbc:oracle:thin:hr/[secret]@ora:1521:DB")]
    public void Secret_goes_and_its_neighbours_stay(string text, string expected)
    {
        var redacted = Policy.RedactText(text);

        Assert.Equal(expected, redacted);
        Assert.Same(redacted, Policy.RedactText(redacted));
    }

    [Theory]
    [InlineData("https://h.test/@scope/pkg@1.2")]
    [InlineData("http://host:8080/x@y")]
    [InlineData("postgres://app:***@pg/app")]
    [InlineData("amqp://{{user}}:{{password}}@{{host}}:5672")]
    [InlineData("/orders/3f2504e0-4f89-11d3-9a0c-0305e82c3301/lines")]
    [InlineData("/assets/app.9f86d081884c7d659a2f.js")]
    public void What_is_no_secret_stays(string text) => Assert.Same(text, Policy.RedactText(text));
}

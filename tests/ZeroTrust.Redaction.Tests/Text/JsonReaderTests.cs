namespace ZeroTrust.Redaction.Tests.Text;

/// <summary>JSON within a text: what goes, what stays beside it, and what looks like it.</summary>
public sealed class JsonReaderTests
{
    private static readonly RedactionPolicy Policy = RedactionPolicy.Create(new RedactionOptions());

    [Theory]
    [InlineData("{\"password\":\"hunter2Xy\"}", "{\"password\":\"[secret]\"}")]
    [InlineData(
        "{\"user\":\"bob\", \"password\" : \"hunter2Xy\", \"port\":5432}",
        "{\"user\":\"bob\", \"password\" : \"[secret]\", \"port\":5432}")]
    [InlineData("{\"password\":[\"hunter2Xy\"]}", "{\"password\":[\"[secret]\"]}")]
    [InlineData("{\"password\":[\"hunter2Xy\",\"next\"]}", "{\"password\":[\"[secret]\",\"next\"]}")]
    [InlineData("{\"password\":{\"value\":\"hunter2Xy\"}}", "{\"password\":{\"value\":\"[secret]\"}}")]
    [InlineData(
        "{\"password\":{\"current\":\"hunter2Xy\",\"new\":\"other9Zz\"}}",
        "{\"password\":{\"current\":\"[secret]\",\"new\":\"[secret]\"}}")]
    [InlineData("{\"X-Api-Key\":[\"9f86d081884c7d659a2feaa0c55ad015\"]}", "{\"X-Api-Key\":[\"[secret]\"]}")]
    [InlineData("{\"pin\":1234,\"port\":1234}", "{\"pin\":\"[secret]\",\"port\":1234}")]
    [InlineData("{\"password\":123456}", "{\"password\":\"[secret]\"}")]
    [InlineData(
        "{\"db\":{\"auth\":{\"user\":\"bob\",\"pass\":\"hunter2Xy\"}}}",
        "{\"db\":{\"auth\":{\"user\":\"bob\",\"pass\":\"[secret]\"}}}")]
    [InlineData("{\"name\":\"DB_PASSWORD\",\"value\":\"hunter2Xy\"}", "{\"name\":\"DB_PASSWORD\",\"value\":\"[secret]\"}")]
    [InlineData("{\"value\":\"hunter2Xy\",\"name\":\"DB_PASSWORD\"}", "{\"value\":\"[secret]\",\"name\":\"DB_PASSWORD\"}")]
    [InlineData("{\"Key\":\"DB_PASSWORD\",\"Value\":\"hunter2Xy\"}", "{\"Key\":\"DB_PASSWORD\",\"Value\":\"[secret]\"}")]
    [InlineData("[[\"password\",\"hunter2Xy\"],[\"user\",\"bob\"]]", "[[\"password\",\"[secret]\"],[\"user\",\"bob\"]]")]
    [InlineData(
        "{\"body\":\"{\\u0022user\\u0022:\\u0022bob\\u0022,\\u0022password\\u0022:\\u0022hunter2Xy\\u0022}\"}",
        "{\"body\":\"{\\u0022user\\u0022:\\u0022bob\\u0022,\\u0022password\\u0022:\\u0022[secret]\\u0022}\"}")]
    [InlineData(
        "{\"body\":\"{\\\"user\\\":\\\"bob\\\",\\\"password\\\":\\\"hunter2Xy\\\"}\"}",
        "{\"body\":\"{\\\"user\\\":\\\"bob\\\",\\\"password\\\":\\\"[secret]\\\"}\"}")]
    [InlineData("{\"body\":\"{\\\"pin\\\":1234}\"}", "{\"body\":\"{\\\"pin\\\":\\\"[secret]\\\"}\"}")]
    [InlineData(
        "{\"a\":\"{\\\"b\\\":\\\"{\\\\\\\"password\\\\\\\":\\\\\\\"hunter2Xy\\\\\\\"}\\\"}\"}",
        "{\"a\":\"{\\\"b\\\":\\\"{\\\\\\\"password\\\\\\\":\\\\\\\"[secret]\\\\\\\"}\\\"}\"}")]
    [InlineData(
        "payload {\\u0022clientSecret\\u0022:\\u0022hunter2Xy\\u0022}",
        "payload {\\u0022clientSecret\\u0022:\\u0022[secret]\\u0022}")]
    [InlineData(
        "payload {\\u0022Cookie\\u0022:\\u0022sid=hunter2Xyabcdef1\\u0022}",
        "payload {\\u0022Cookie\\u0022:\\u0022[secret]\\u0022}")]
    [InlineData("&quot;password&quot;:&quot;hunter2Xy&quot;", "&quot;password&quot;:&quot;[secret]&quot;")]
    [InlineData("%7B%22password%22%3A%22hunter2Xy%22%7D", "%7B%22password%22%3A%22[secret]%22%7D")]
    [InlineData("{\"user\":\"bob\",\"password\":\"hunter2", "{\"user\":\"bob\",\"password\":\"[secret]")]
    [InlineData("{\"user\":\"app\",\"password\":\"$AB12CDEF99\"}", "{\"user\":\"app\",\"password\":\"[secret]\"}")]
    [InlineData("{\"user\":\"app\",\"password\":\"%ab12cdEF99%\"}", "{\"user\":\"app\",\"password\":\"[secret]\"}")]
    [InlineData("{\"user\":\"app\",\"password\":\"<ab12cdEF99>\"}", "{\"user\":\"app\",\"password\":\"[secret]\"}")]
    [InlineData("{\"user\":\"app\",\"password\":\"{ab12cdEF99}\"}", "{\"user\":\"app\",\"password\":\"[secret]\"}")]
    [InlineData("{\"user\":\"app\",\"password\":\"`ab12cdEF99\"}", "{\"user\":\"app\",\"password\":\"[secret]\"}")]
    [InlineData(
        "got {\"password\":\"hunter2Xy\"} and {\"token\":\"9f86d081884c7d659a2feaa0c55ad015\"}, retrying",
        "got {\"password\":\"[secret]\"} and {\"token\":\"[secret]\"}, retrying")]
    [InlineData("payload eyJ1c2VyIjoiYm9iIiwicGFzc3dvcmQiOiI5WTNVNzlZalhJSnQifQ==", "payload [base64]")]
    [InlineData("{\"\\u0070assword\":\"hunter2Xy\"}", "{\"\\u0070assword\":\"[secret]\"}")]
    [InlineData("{\"a\":\"[4111111111111111]\"}", "{\"a\":\"[[card]]\"}")]
    [InlineData("{\"card\":4111111111111111}", "{\"card\":\"[card]\"}")]
    [InlineData("{\"note\":\"mail alice@example.com\"}", "{\"note\":\"mail [email]\"}")]
    public void Secret_goes_and_its_neighbours_stay(string text, string expected)
    {
        var redacted = Policy.RedactText(text);

        Assert.Equal(expected, redacted);
        Assert.Same(redacted, Policy.RedactText(redacted));
    }

    [Theory]
    [InlineData("{\"title\":\"One or more validation errors occurred.\",\"errors\":{\"Password\":[\"The Password field is required.\"]}}")]
    [InlineData("{\"credentials\":{\"type\":\"none\"}}")]
    [InlineData("{\"secret\":{\"secretName\":\"tls\"}}")]
    [InlineData("{\"hasPassword\":1}")]
    [InlineData("{\"passwordPolicy\":{\"minLength\":12}}")]
    [InlineData("{\"max_tokens\":4096,\"usage\":{\"prompt_tokens\":512,\"total_tokens\":1024}}")]
    [InlineData("{\"password\":null,\"token\":false,\"secret\":\"\"}")]
    [InlineData("{\"password\":\"***\"}")]
    [InlineData("{\"password\":\"{password}\"}")]
    [InlineData("{\"password\":\"${DB_PASSWORD}\"}")]
    [InlineData("{\"tokenType\":\"Bearer\",\"expiresIn\":3600}")]
    [InlineData("{\"nextPageToken\":\"CAoQAhoJ9f86d0818\"}")]
    [InlineData("{\"passwordChangedAt\":\"2026-11-30T10:00:00Z\"}")]
    [InlineData("payload eyJ1c2VyIjoiYm9iIiwicGFnZSI6Imh1bnRlciJ9")]
    [InlineData("[12:30:01 INF] started")]
    [InlineData("list [1, 2, 3]")]
    [InlineData("{ not json }")]
    [InlineData("[[[[[[[[[[")]
    [InlineData("{\"a\":{\"b\":{\"c\":[1,2,{\"d\":\"e\"}]}}}")]
    public void What_is_no_secret_stays(string text) => Assert.Same(text, Policy.RedactText(text));
}

using ZeroTrust.Redaction.Internal;

namespace ZeroTrust.Redaction.Tests.Detectors;

/// <summary>Each kind of finding, and its nearest neighbour that is none.</summary>
public sealed class DetectorTests
{
    private static readonly TextRedactor Redactor = new([], []);

    [Theory]
    [InlineData("pay DE89370400440532013000 now", "pay [iban] now")]
    [InlineData("pay DE89 3704 0044 0532 0130 00 now", "pay [iban] now")]
    [InlineData("de89370400440532013000", "[iban]")]
    [InlineData("GB29-NWBK-6016-1331-9268-19", "[iban]")]
    public void Account_is_redacted(string text, string expected) => Assert.Equal(expected, Redactor.Redact(text));

    [Theory]
    [InlineData("DE88370400440532013000")]
    [InlineData("DE8937040044053201300")]
    [InlineData("De89370400440532013000")]
    [InlineData("XDE89370400440532013000")]
    [InlineData("ZZ89370400440532013000")]
    public void Account_without_proof_stays(string text) => Assert.Same(text, Redactor.Redact(text));

    [Theory]
    [InlineData("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", "github")]
    [InlineData("glpat-Zq3xT9vLm2Rk8Wp5Yb7N", "gitlab")]
    [InlineData("AKIAIOSFODNN7EXAMPLE", "aws")]
    [InlineData("xoxb-781236542736-2364535789652-GkwFDQoHqzXDVsC6GzqYUypD", "slack")]
    [InlineData("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", "huggingface")]
    [InlineData("bP88Q~rcBcYjzzOhg1Hnn76Wm3jGgakZiZ.8vMgR", "azure")]
    [InlineData("110201543:AAHdqTcvCH1vGWJxfSe1ofSAs0K5PALDsaw", "telegram")]
    [InlineData("MTk4NjIyNDgzNDcxOTI1MjQ4.Cl2FMQ.ZnCjm1XVW7vRze4b7Cq4se7kKWs", "discord")]
    [InlineData("3ea4572956e2b381923ed34c31db76aa-us2", "mailchimp")]
    public void Token_of_a_vendor_is_redacted(string token, string vendor) =>
        Assert.Equal($"used [token:{vendor}].", Redactor.Redact($"used {token}."));

    [Theory]
    [InlineData("ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx")]
    [InlineData("ghp_wWPw5k4aXcaT4fNP0UcnZwJUVFk6LO0pINU")]
    [InlineData("rhf_jCBaQngSHiHDRYOcsMcifUcysGyaiybUWz")]
    [InlineData("AKIAIOSFODNN7EXAMPL")]
    [InlineData("xoxb-Slack_BOT_TOKEN")]
    [InlineData("MTk4NjIyNDgzNDcxOTI1MjQ4.Cl2FMQ.ZnCjm1XVW7vRze4b7Cq4se7kKW")]
    [InlineData("3ea4572956e2b381923ed34c31db76aa-2")]
    [InlineData("~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~")]
    public void Almost_a_token_stays(string text) => Assert.Same(text, Redactor.Redact(text));

    [Theory]
    [InlineData("oktaApiToken: 00ebObu4zSNkyc6dimLvUwq4KpTEop", "oktaApiToken: [secret]")]
    [InlineData("meraki-api-key: acde7f05b1a6d4c890237bf08c5e6e8d2b4d0f2e", "meraki-api-key: [secret]")]
    [InlineData("SNYK_KEY=12345678-ABCD-ABCD-ABCD-1234567890AB", "SNYK_KEY=[secret]")]
    [InlineData("{\\\"password\\\":\\\"hunter2\\\",\\\"a\\\":1}", "{\\\"password\\\":\\\"[secret]\\\",\\\"a\\\":1}")]
    [InlineData("{\"password\":\"a\\\"b\"}", "{\"password\":\"[secret]\"}")]
    [InlineData("<password>hunter2</password>", "<password>[secret]</password>")]
    [InlineData("<add key=\"DbPassword\" value=\"hunter2\" />", "<add key=\"DbPassword\" value=\"[secret]\" />")]
    [InlineData("password%3Dhunter2&a=1", "password%3D[secret]&a=1")]
    [InlineData("os.environ['DB_PASSWORD'] = 'x y'", "os.environ['DB_PASSWORD'] = '[secret]'")]
    [InlineData("Server=db;User Id=sa;Pwd=a)b(c];Encrypt=true", "Server=db;User Id=sa;Pwd=[secret];Encrypt=true")]
    [InlineData("password=[secret]hunter2", "password=[secret]")]
    [InlineData("-H \"Authorization: Token 22cb987851bc\" https://a.test", "-H \"Authorization: [secret]\" https://a.test")]
    [InlineData("curl -u \"api:d2LkV78zLx!t\" https://a.test", "curl -u \"api:[secret]\" https://a.test")]
    [InlineData("mysql --password hunter2 db", "mysql --password [secret] db")]
    public void Named_secret_is_redacted(string text, string expected) => Assert.Equal(expected, Redactor.Redact(text));

    [Theory]
    [InlineData("token: refreshed")]
    [InlineData("meraki-api-key: acdeFf05b1a6d4c890237bf08c5e6e8d2b4d0f2e")]
    [InlineData("pageToken=CAUQAAabcdef0123456789")]
    [InlineData("primaryKey = 12345678-ABCD-ABCD-ABCD-1234567890AB")]
    [InlineData("password=${DB_PASSWORD}")]
    [InlineData("password=********")]
    [InlineData("token_type=bearer8char1")]
    [InlineData("bypass: d2LkV78zLx")]
    [InlineData("io.jsonwebtoken:jjwt-jackson-0.11.2")]
    [InlineData("Authorization: Bearer <token>")]
    [InlineData("curl -u username:token")]
    [InlineData("if (password == other)")]
    [InlineData("list->password")]
    public void What_only_talks_of_a_secret_stays(string text) => Assert.Same(text, Redactor.Redact(text));

    [Fact]
    public void Allowed_value_stays_and_its_neighbours_go()
    {
        var redactor = new TextRedactor([], ["support@example.com", "mail to alice@example.com"]);

        Assert.Equal("Support@example.com, [email], [card]", redactor.Redact("Support@example.com, alice@example.com, 4111111111111111"));
        Assert.Equal("[email]", redactor.Redact("x.support@example.com"));
        Assert.Equal("mail to [email]", redactor.Redact("mail to alice@example.com"));
    }

    [Fact]
    public void Detector_of_the_application_runs_too()
    {
        var redactor = new TextRedactor([new CustomerNumber()], []);

        Assert.Equal("[customer-no] of [email]", redactor.Redact("K-12345 of a@example.com"));
        Assert.Equal("[customer-no]", redactor.Redact("[customer-no]"));
    }

    [Fact]
    public void Detector_that_finds_outside_the_text_is_a_fault() =>
        Assert.Throws<InvalidOperationException>(() => new TextRedactor([new Broken()], []).Redact("text"));

    [Fact]
    public void Detector_with_a_bad_name_is_refused() =>
        Assert.Throws<ArgumentException>(() => new TextRedactor([new BadlyNamed()], []));

    private sealed class CustomerNumber : ITextDetector
    {
        private const int NumberLength = 7;

        public string Name => "customer-no";

        public bool TryFind(ReadOnlySpan<char> text, int from, out int start, out int length)
        {
            var found = text[from..].IndexOf("K-");
            found = found < 0 ? text[from..].IndexOf("customer") : found;
            (start, length) = (from + found, Math.Min(NumberLength, text.Length - from - Math.Max(0, found)));
            return found >= 0;
        }
    }

    private sealed class Broken : ITextDetector
    {
        public string Name => "broken";

        public bool TryFind(ReadOnlySpan<char> text, int from, out int start, out int length)
        {
            (start, length) = (from, int.MaxValue);
            return true;
        }
    }

    private sealed class BadlyNamed : ITextDetector
    {
        public string Name => "Bad]";

        public bool TryFind(ReadOnlySpan<char> text, int from, out int start, out int length)
        {
            (start, length) = (0, 0);
            return false;
        }
    }
}

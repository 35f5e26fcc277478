using ZeroTrust.Redaction.Names;

namespace ZeroTrust.Redaction.Tests.Text;

/// <summary>One judge of names: attribute keys, placeholders, headers, members and names in a text.</summary>
public sealed class SecretNameTests
{
    private static readonly RedactionPolicy Policy = RedactionPolicy.Create(new RedactionOptions());

    [Theory]
    [InlineData("password", "Password")]
    [InlineData("dbPassword", "Password")]
    [InlineData("DB_PASSWORD", "Password")]
    [InlineData("db.password", "Password")]
    [InlineData("dbpassword", "Password")]
    [InlineData("password1", "Password")]
    [InlineData("PASSWORD_PROD", "Password")]
    [InlineData("passwordConfirmation", "Password")]
    [InlineData("passwordconfirmation", "Password")]
    [InlineData("clientSecretValue", "Password")]
    [InlineData("aws.secret_access_key", "Password")]
    [InlineData("SECRET_KEY_BASE", "Random")]
    [InlineData("accessToken", "Random")]
    [InlineData("x-functions-key", "Random")]
    [InlineData("InstrumentationKey", "Random")]
    [InlineData("PHPSESSID", "Random")]
    [InlineData("grafana_session", "Random")]
    [InlineData("stripeKey", "Random")]
    [InlineData("X-Amz-Signature", "Random")]
    [InlineData("userPin", "Code")]
    [InlineData("securityCode", "Code")]
    [InlineData("Set-Cookie", "Line")]
    [InlineData("pass", "Pass")]
    [InlineData("smtp.pass", "Pass")]
    public void Telling_words_tell_in_any_casing_and_place(string name, string kind) => Assert.Equal(kind, SecretName.Classify(name).ToString());

    [Theory]
    [InlineData("")]
    [InlineData("key")]
    [InlineData("primaryKey")]
    [InlineData("publicKey")]
    [InlineData("bypass")]
    [InlineData("compass")]
    [InlineData("passenger")]
    [InlineData("secretary")]
    [InlineData("tokenizer")]
    [InlineData("author")]
    [InlineData("passwordPolicy")]
    [InlineData("password_changed_at")]
    [InlineData("passwordLength")]
    [InlineData("tokenType")]
    [InlineData("secretName")]
    [InlineData("token_expires_in_seconds")]
    [InlineData("hasPassword")]
    [InlineData("max_tokens")]
    [InlineData("nextPageToken")]
    [InlineData("cancellationToken")]
    [InlineData("shipping")]
    [InlineData("mapping")]
    [InlineData("sessions.active")]
    [InlineData("access_key_id")]
    public void Words_that_hold_or_speak_of_one_tell_nothing(string name) => Assert.Equal("None", SecretName.Classify(name).ToString());

    [Theory]
    [InlineData("app.dbPassword", "hunter2Xy", "[secret]")]
    [InlineData("app.smtp.pwd", "hunter2Xy", "[secret]")]
    [InlineData("app.connectionStrings.default", "hunter2Xy", "[secret]")]
    [InlineData("app.aws.secret_access_key", "9f86d081884c7d659a2feaa0c55ad015", "[secret]")]
    [InlineData("http.request.header.x-functions-key", "9f86d081884c7d659a2feaa0c55ad015", "[secret]")]
    [InlineData("DbPassword", "hunter2Xy", "[secret]")]
    [InlineData("app.password", "required", "required")]
    [InlineData("app.passwordPolicy", "strict", "strict")]
    [InlineData("app.token", "expired", "expired")]
    [InlineData("app.tokens", "512", "512")]
    public void Key_of_an_attribute_is_judged_as_a_name_in_a_text_is(string key, string value, string expected) =>
        Assert.Equal(expected, Policy.RedactTag(new(key, value), out _).Value);

    [Fact]
    public void Number_of_a_telling_key_goes_and_a_flag_stays()
    {
        Assert.Equal("[secret]", Policy.RedactTag(new("app.pin", 1234), out _).Value);
        Assert.Equal(true, Policy.RedactTag(new("app.password", true), out _).Value);
    }

    [Theory]
    [InlineData("gen_ai.usage.input_tokens", 512)]
    [InlineData("app.token", 512L)]
    [InlineData("order_id", 4893655453092085L)]
    [InlineData("app.offset", 4505575753208472L)]
    [InlineData("app.bytes", 4505575753208471L)]
    public void Number_that_is_no_secret_keeps_its_type(string key, object value)
    {
        Assert.Equal(value, Policy.RedactTag(new(key, value), out var redacted).Value);
        Assert.False(redacted);
    }

    [Fact]
    public void Number_of_a_card_goes() => Assert.Equal("[card]", Policy.RedactTag(new("app.number", 4111111111111111L), out _).Value);

    [Fact]
    public void Rule_that_names_the_key_is_stronger()
    {
        var policy = RedactionPolicy.Create(new RedactionOptions { Rules = [new() { Key = "app.dbPassword", Action = RedactionAction.Keep }] });

        Assert.Equal("hunter2Xy", policy.RedactTag(new("app.dbPassword", "hunter2Xy"), out _).Value);
    }
}

namespace ZeroTrust.Redaction.Tests.Text;

/// <summary>Secrets in sentences: what goes, what stays beside it, and what looks like it.</summary>
public sealed class ProseReaderTests
{
    private static readonly RedactionPolicy Policy = RedactionPolicy.Create(new RedactionOptions());

    [Theory]
    [InlineData("Invalid password B3GBNqMURwff for user bob", "Invalid password [secret] for user bob")]
    [InlineData("Your verification code is 973108", "Your verification code is [secret]")]
    [InlineData("api key 9f86d081884c7d659a2feaa0c55ad015 was rejected", "api key [secret] was rejected")]
    [InlineData("login ci password hunter2Xy9", "login ci password [secret]")]
    public void Secret_goes_and_its_neighbours_stay(string text, string expected)
    {
        var redacted = Policy.RedactText(text);

        Assert.Equal(expected, redacted);
        Assert.Same(redacted, Policy.RedactText(redacted));
    }

    [Theory]
    [InlineData("order 000123 loaded")]
    [InlineData("token 3f2504e0-4f89-11d3-9a0c-0305e82c3301 expired")]
    [InlineData("password reset 12 times")]
    [InlineData("code 404 returned")]
    [InlineData("commit 9f86d081884c7d659a2feaa0c55ad015 is the secret one")]
    public void What_is_no_secret_stays(string text) => Assert.Same(text, Policy.RedactText(text));
}

namespace ZeroTrust.Jose.Tests;

public sealed class CanonicalBase64UrlTests
{
    [Theory]
    [InlineData("")]
    [InlineData("YQ")]
    [InlineData("YWI")]
    [InlineData("YWJj")]
    [InlineData("-_-_")]
    public void Canonical_text_decodes_and_encodes_back(string text)
    {
        Assert.True(CanonicalBase64Url.TryDecode(text, out var bytes));
        Assert.Equal(text, CanonicalBase64Url.Encode(bytes));
    }

    [Theory]
    [InlineData("YQ==")]
    [InlineData("YQ=")]
    [InlineData("Y Q")]
    [InlineData("YQ\n")]
    [InlineData("+/+/")]
    [InlineData("YQ?")]
    [InlineData("А")]
    [InlineData("Y")]
    [InlineData("YWJjZ")]
    public void Padding_white_space_foreign_letters_and_impossible_lengths_are_refused(string text) =>
        Assert.False(CanonicalBase64Url.TryDecode(text, out _));

    [Theory]
    [InlineData("YR")]
    [InlineData("YS")]
    [InlineData("YU")]
    [InlineData("YY")]
    [InlineData("Yf")]
    [InlineData("YWJ")]
    [InlineData("YWK")]
    [InlineData("YWL")]
    public void A_second_spelling_of_the_same_bytes_is_refused(string text) =>
        Assert.False(CanonicalBase64Url.TryDecode(text, out _));

    [Theory]
    [InlineData("YQ==", "it is padded with =")]
    [InlineData("YQ\n", "it holds white space")]
    [InlineData("+/+/", "it holds + or /, which are base64")]
    [InlineData("YQ?", "it holds a character outside of A-Z a-z 0-9 - _")]
    [InlineData("YWJjZ", "no bytes have that number of characters")]
    [InlineData("YR", "the unused bits of its last character are not zero")]
    [InlineData("YQ", null)]
    [InlineData("", null)]
    public void What_keeps_text_from_being_canonical_is_told(string text, string? fault) => Assert.Equal(fault, CanonicalBase64Url.FindFault(text));
}

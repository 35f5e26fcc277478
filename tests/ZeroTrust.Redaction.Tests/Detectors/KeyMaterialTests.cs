using System.Text;
using ZeroTrust.Redaction.Internal;

namespace ZeroTrust.Redaction.Tests.Detectors;

public sealed class KeyMaterialTests
{
    private const string Pem = "-----BEGIN EC PRIVATE KEY-----\nMHcCAQEEIAKVEWP99DxtHPXd8kE8C9NleL3rI3j/ZkXM7XF+vFjOoAoGCCqGSM49\n-----END EC PRIVATE KEY-----\n";
    private static readonly TextRedactor Redactor = new([], []);

    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    [InlineData("a\n")]
    [InlineData("# the key of the service\n")]
    public void Key_in_base64_is_redacted_at_every_alignment(string before)
    {
        var encoded = Convert.ToBase64String(Encoding.UTF8.GetBytes(before + Pem));

        Assert.Equal("client-key-data: [private-key]", Redactor.Redact("client-key-data: " + encoded));
    }

    [Fact]
    public void Key_in_base64_lines_is_redacted_to_its_end()
    {
        var encoded = Convert.ToBase64String(Encoding.UTF8.GetBytes(Pem + Pem), Base64FormattingOptions.InsertLineBreaks);

        Assert.Equal("a: [private-key]\nb: 1", Redactor.Redact($"a: {encoded}\nb: 1"));
        Assert.Equal("a: [private-key]\nb: 1", Redactor.Redact($"a: {encoded.Replace("\r\n", "\\n", StringComparison.Ordinal)}\nb: 1"));
    }

    [Fact]
    public void Certificate_in_base64_stays()
    {
        var text = "ca-data: " + Convert.ToBase64String(Encoding.UTF8.GetBytes("-----BEGIN CERTIFICATE-----\nMIIBszCCAVmgAwIBAgIUQ\n-----END CERTIFICATE-----\n"));

        Assert.Same(text, Redactor.Redact(text));
    }

    [Theory]
    [InlineData(
        "{\"crv\":\"Ed25519\",\"d\":\"lFBGGD5qd6h1R86ZNHZgzxSFP904v8scksRSbRDhe6g\",\"kty\":\"OKP\",\"x\":\"B1kS6lJ3_bfBKha5wYo0trc5ayjrpjmIMla5FEkdoiU\"}",
        "{\"crv\":\"Ed25519\",\"d\":\"[private-key]\",\"kty\":\"OKP\",\"x\":\"B1kS6lJ3_bfBKha5wYo0trc5ayjrpjmIMla5FEkdoiU\"}")]
    [InlineData("{\"keys\":[{\"kty\":\"oct\",\"k\":\"a8kweC2HV_VtiiaSRAQe9DreNRkMpsQT\"}]}", "{\"keys\":[{\"kty\":\"oct\",\"k\":\"[private-key]\"}]}")]
    [InlineData("{\\\"kty\\\":\\\"oct\\\",\\\"k\\\": \\\"a8kweC2HV_VtiiaSRAQe9DreNRkMpsQT\\\"}", "{\\\"kty\\\":\\\"oct\\\",\\\"k\\\": \\\"[private-key]\\\"}")]
    [InlineData(
        "{\"kty\":\"RSA\",\"p\":\"a8kweC2HV_VtiiaSRAQe9D\",\"dq\":\"a8kweC2HV_VtiiaSRAQe9D\",\"e\":\"AQAB\"}",
        "{\"kty\":\"RSA\",\"p\":\"[private-key]\",\"dq\":\"[private-key]\",\"e\":\"AQAB\"}")]
    public void Private_member_of_a_web_key_is_redacted(string text, string expected) => Assert.Equal(expected, Redactor.Redact(text));

    [Theory]
    [InlineData("{\"kty\":\"OKP\",\"x\":\"B1kS6lJ3_bfBKha5wYo0trc5ayjrpjmIMla5FEkdoiU\"}")]
    [InlineData("{\"d\":\"lFBGGD5qd6h1R86ZNHZgzxSFP904v8scksRSbRDhe6g\"}")]
    [InlineData("{\"kty\":\"OKP\"},{\"d\":\"lFBGGD5qd6h1R86ZNHZgzxSFP904v8scksRSbRDhe6g\"}")]
    [InlineData("{\"kty\":\"OKP\",\"d\":\"short\"}")]
    public void What_is_no_private_member_stays(string text) => Assert.Same(text, Redactor.Redact(text));

    [Fact]
    public void Private_lines_of_putty_go_and_its_head_stays() => Assert.Equal(
        "PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\nPublic-Lines: 1\nBeFw\n[private-key]\nafter",
        Redactor.Redact("PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\nPublic-Lines: 1\nBeFw\nPrivate-Lines: 1\nkwpeNAvpCcDzPq2vIXRq\nPrivate-MAC: 686aff36d828\nafter"));

    [Fact]
    public void Assertion_in_base64_is_redacted()
    {
        var saml = "<samlp:Response xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\" ID=\"_a1\" Version=\"2.0\"><saml:Assertion>alice</saml:Assertion></samlp:Response>";

        Assert.Equal("SAMLResponse [saml] posted", Redactor.Redact($"SAMLResponse {Convert.ToBase64String(Encoding.UTF8.GetBytes(saml))} posted"));
    }

    [Fact]
    public void Other_xml_in_base64_stays()
    {
        var text = "body " + Convert.ToBase64String(Encoding.UTF8.GetBytes("<?xml version=\"1.0\"?><catalog>" + string.Concat(Enumerable.Repeat("<item>lamp</item>", 12)) + "</catalog>"));

        Assert.Same(text, Redactor.Redact(text));
    }
}

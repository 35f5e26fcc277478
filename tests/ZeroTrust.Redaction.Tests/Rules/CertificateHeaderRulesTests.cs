using ZeroTrust.Shared;

namespace ZeroTrust.Redaction.Tests.Rules;

/// <summary>
/// What listeners strip from requests does not leave in telemetry either: the headers of a client's certificate, by family and by shape.
/// </summary>
public sealed class CertificateHeaderRulesTests
{
    public static TheoryData<string> Families => [.. CertificateHeaderFamilies.Families];

    [Theory]
    [MemberData(nameof(Families))]
    public void Every_family_is_erased_wherever_headers_are_told(string family)
    {
        var header = family.Replace("*", "more", StringComparison.Ordinal);
        foreach (var prefix in (string[])["http.request.header.", "http.response.header.", "rpc.request.metadata.", "rpc.grpc.request.metadata.", string.Empty])
        {
            Assert.Equal("[erased]", Redact(new(), prefix + header));
            Assert.Equal("[erased]", Redact(new(), prefix + header.Replace('-', '_').ToUpperInvariant()));
        }
    }

    [Theory]
    [InlineData("http.request.header.x-ssl-client-s-dn")]
    [InlineData("http.request.header.ssl-client-subject-dn")]
    [InlineData("http.request.header.x-forwarded-tls-client-cert-info")]
    [InlineData("http.request.header.cf-client-cert-sha256")]
    [InlineData("rpc.request.metadata.l5d-client-id")]
    [InlineData("http.request.header.x-acme-peer-certificate")]
    [InlineData("http.request.header.X.Acme.Tls.Client.Serial")]
    [InlineData("http.request.header.x-acme-mtls-identity")]
    [InlineData("http.request.header.dn")]
    [InlineData("http.request.header.x-client-serial")]
    [InlineData("rpc.request.metadata.x-spiffe-id")]
    [InlineData("x-amzn-mtls-clientcert-subject")]
    [InlineData("x_ssl_issuer")]
    public void So_is_a_name_of_its_shape(string key) => Assert.Equal("[erased]", Redact(new(), key));

    [Theory]
    [InlineData("http.request.header.x-forwarded-proto")]
    [InlineData("http.request.header.x-forwarded-ssl")]
    [InlineData("http.request.header.x-client-version")]
    [InlineData("http.request.header.dnt")]
    [InlineData("http.request.header.x-email-verified")]
    [InlineData("verified")]
    [InlineData("dn")]
    [InlineData("peer.identity")]
    [InlineData("http.request.header.x-amzn-tls-version")]
    [InlineData("tls.client.subject")]
    [InlineData("mtls.enabled")]
    [InlineData("client.address")]
    [InlineData("tls.protocol.version")]
    [InlineData("zerotrust.mtls.listener")]
    [InlineData("ClientCertificateMode")]
    public void What_says_how_and_not_who_stays(string key) => Assert.Equal("x", Redact(new(), key));

    [Fact]
    public void A_name_that_is_longer_than_any_is_erased()
    {
        Assert.Equal("[erased]", Redact(new(), "http.request.header." + new string('a', 128) + "-client"));
        Assert.Equal("x", Redact(new(), "http.request.header." + new string('a', 128)));
    }

    [Theory]
    [InlineData("http.request.header.x-ssl-client-verify", true)]
    [InlineData("http.request.header.x-ssl-*", true)]
    [InlineData("http.request.header.*", false)]
    [InlineData("http.*", false)]
    [InlineData("*verify", false)]
    public void A_rule_that_names_the_header_keeps_it_and_none_that_names_all(string rule, bool isKept)
    {
        RedactionOptions options = new() { Rules = [new() { Key = rule, Action = RedactionAction.Keep }] };

        Assert.Equal(isKept ? "x" : "[erased]", Redact(options, "http.request.header.x-ssl-client-verify"));
    }

    private static string Redact(RedactionOptions options, string key)
    {
        var plan = RedactionPolicy.Create(options);
        return Assert.IsType<string>(plan.RedactTag(new(key, "x"), out _).Value);
    }
}

using ZeroTrust.AspNetCore.Forwarding;
using ZeroTrust.AspNetCore.Proxies;

namespace ZeroTrust.AspNetCore.Tests.Proxies;

public sealed class ForwardedHeadersTests
{
    private readonly ForwardedHeaders _names = new(new CertificateHeaders([], []), []);

    public static TheoryData<string> Families =>
        [.. ForwardedHeaders.Families.Where(family => !family.StartsWith("wl-proxy-client", StringComparison.Ordinal))];

    public static MatrixTheoryData<string, string> Facts => new(ForwardedHeaders.Clients, ForwardedHeaders.Facts);

    [Theory]
    [MemberData(nameof(Families))]
    public void Each_family_is_known_in_each_spelling(string family)
    {
        var name = family.TrimEnd('*', '-');
        foreach (var spelled in (string[])[name, name.ToUpperInvariant(), name.Replace('-', '_'), name.Replace('-', '.')])
        {
            Assert.NotNull(_names.Recognize(family.EndsWith("-*", StringComparison.Ordinal) ? spelled + "-x" : spelled));
        }
    }

    [Theory]
    [InlineData("X-Forwarded-For", "x-forwarded-for")]
    [InlineData("x_forwarded_for", "x-forwarded-for")]
    [InlineData("X-Forwarded-Proto", "x-forwarded-proto")]
    [InlineData("X-Forwarded-Host", "x-forwarded-host")]
    [InlineData("X-Forwarded-Port", "x-forwarded*")]
    [InlineData("X-Forwarded-Prefix", "x-forwarded*")]
    [InlineData("X-Forwarded-Scheme", "x-forwarded*")]
    [InlineData("X-Forwarded-Ssl", "x-forwarded*")]
    [InlineData("X-Forwarded-User", "x-forwarded*")]
    [InlineData("X-Forwarded", "x-forwarded*")]
    [InlineData("X-ForwardedFor", "x-forwarded*")]
    [InlineData("Forwarded", "forwarded")]
    [InlineData("Forwarded-For", "forwarded")]
    [InlineData("X-Vercel-Forwarded-For", "*forwardedfor")]
    [InlineData("X-Original-Forwarded-For", "x-original-forwarded*")]
    [InlineData("X-Original-For", "x-original-for")]
    [InlineData("X-RealIP", "*realip")]
    [InlineData("X-Acme-Client-IP", "*clientip")]
    [InlineData("Cf-Connecting-IPv6", "cf-connecting-ip*")]
    public void A_name_is_known_by_its_family(string name, string known) => Assert.Equal(known, _names.Recognize(name));

    [Theory]
    [InlineData("X-MS-CLIENT-PRINCIPAL", "x-ms-client-principal*")]
    [InlineData("X-MS-CLIENT-PRINCIPAL-NAME", "x-ms-client-principal*")]
    [InlineData("x_ms_token_aad_id_token", "x-ms-token-*")]
    [InlineData("X-Client-Addr", "*clientaddr")]
    [InlineData("X-Source-IP", "*sourceip")]
    [InlineData("X-CDN-Src-IP", "*srcip")]
    [InlineData("X-Peer-IP", "*peerip")]
    [InlineData("X-True-IP", "*trueip")]
    [InlineData("X-Acme-Real-IPv6", "*realipv6")]
    [InlineData("X-Originating-Address", "*originatingaddress")]
    [InlineData("X_Client_Proto", "*clientproto")]
    [InlineData("X-Remote-Host", "*remotehost")]
    [InlineData("XRealHost", "*realhost")]
    [InlineData("Client.Port", "*clientport")]
    [InlineData("X-End-User-IP", "*userip")]
    [InlineData("X-Host", "x-host")]
    [InlineData("X~Host", "x-host")]
    [InlineData("X-Envoy-Internal", "x-envoy-internal")]
    [InlineData("X-Envoy-Peer-Metadata-Id", "x-envoy-peer-metadata*")]
    public void A_name_that_no_list_had_is_known(string name, string known) => Assert.Equal(known, _names.Recognize(name));

    [Theory]
    [MemberData(nameof(Facts))]
    public void Every_fact_of_every_client_is_known(string client, string fact)
    {
        foreach (var name in (string[])[$"X-Acme-{client}-{fact}", $"{client}_{fact}", $"x{client}{fact}"])
        {
            Assert.NotNull(_names.Recognize(name));
        }
    }

    [Theory]
    [InlineData("X-Client-Version")]
    [InlineData("X-User-Address")]
    [InlineData("X-Shipping-Address")]
    [InlineData("X-Support")]
    [InlineData("X-Recipient")]
    [InlineData("X-Source")]
    [InlineData("Sec-WebSocket-Protocol")]
    [InlineData("CloudFront-Viewer-Country")]
    [InlineData("X-Ms-Client-Request-Id")]
    [InlineData("X-Hosted-By")]
    [InlineData("Host")]
    [InlineData("Origin")]
    [InlineData("User-Agent")]
    [InlineData("Authorization")]
    [InlineData("X-Client-Id")]
    [InlineData("X-Client-Ipad")]
    [InlineData("X-Original-Url")]
    [InlineData("X-Original-Method")]
    [InlineData("X-Realm")]
    [InlineData("Max-Forwards")]
    [InlineData("Proxy-Authorization")]
    [InlineData("X-Remote-User")]
    [InlineData("traceparent")]
    public void A_header_of_another_meaning_is_none(string name) => Assert.Null(_names.Recognize(name));

    [Theory]
    [InlineData("X-Forwarded-Client-Cert")]
    [InlineData("X-Forwarded-Tls-Client-Cert-Info")]
    [InlineData("Client-Cert")]
    public void A_header_of_a_clients_certificate_is_left_to_its_own_reader(string name) => Assert.Null(_names.Recognize(name));

    [Fact]
    public void A_name_that_code_leaves_is_left_in_each_spelling_and_no_other()
    {
        var names = new ForwardedHeaders(new CertificateHeaders([], []), ["X-Forwarded-User"]);

        Assert.Null(names.Recognize("x_forwarded_user"));
        Assert.NotNull(names.Recognize("X-Forwarded-Users"));
    }

    [Fact]
    public void A_name_longer_than_any_is_known_by_how_it_begins() =>
        Assert.Equal("x-forwarded-for", _names.Recognize("X-Forwarded-For-" + new string('a', 400)));
}

using ZeroTrust.AspNetCore.Forwarding;

namespace ZeroTrust.AspNetCore.Tests.Forwarding;

/// <summary>
/// Names of headers by family and shape: what proxies write from a client's certificate, and the nearest names that mean something else.
/// </summary>
public sealed class CertificateHeadersTests
{
    private static readonly CertificateHeaders BuiltIn = new([], []);

    /// <summary>Names as the products' documentation and source spell them.</summary>
    public static TheoryData<string, string> KnownNames => new()
    {
        { "Client-Cert", "client-cert" },
        { "Client-Cert-Chain", "client-cert-chain" },
        { "X-Forwarded-Client-Cert", "x-forwarded-client-cert" },
        { "X-Forwarded-Client-Cert-Chain", "x-forwarded-client-cert" },
        { "X-Forwarded-Tls-Client-Cert", "x-forwarded-tls-client-*" },
        { "X-Forwarded-Tls-Client-Cert-Info", "x-forwarded-tls-client-*" },
        { "X-Forwarded-Tls-Client-Cert-Infos", "x-forwarded-tls-client-*" },
        { "ssl-client-cert", "ssl-client-cert" },
        { "ssl-client-verify", "ssl-client-*" },
        { "ssl-client-subject-dn", "ssl-client-*" },
        { "ssl-client-issuer-dn", "ssl-client-*" },
        { "SSL_CLIENT_S_DN", "ssl-client-*" },
        { "SSL_CLIENT_VERIFY", "ssl-client-*" },
        { "SSL_CLIENT_CERT_CHAIN_0", "ssl-client-cert" },
        { "X-SSL-Client-Cert", "x-ssl-client-cert" },
        { "X-SSL-Client-Verify", "x-ssl-client-*" },
        { "X-SSL-Client-SHA1", "x-ssl-client-*" },
        { "X-SSL-Client-DN", "x-ssl-client-*" },
        { "X-SSL-Client-CN", "x-ssl-client-*" },
        { "X-SSL-Client-DER", "x-ssl-client-*" },
        { "X-SSL-Client-NotBefore", "x-ssl-client-*" },
        { "X-SSL-Issuer", "x-ssl-*" },
        { "X-SSL-Subject", "x-ssl-*" },
        { "X-SSL-Cert", "x-ssl-cert" },
        { "X-Client-Cert", "x-client-cert" },
        { "X-Client-Cert-Present", "x-client-cert" },
        { "X-Client-Cert-Chain-Verified", "x-client-cert" },
        { "X-Client-Cert-SPIFFE", "x-client-cert" },
        { "X-Client-Cert-Subject-DN", "x-client-cert" },
        { "X-Client-Cert-Fingerprint", "x-client-cert" },
        { "X-Client-Certificate", "x-client-cert*" },
        { "X-Client-Certificate-Id", "x-client-cert*" },
        { "X-Client-Verify", "x-client-verif*" },
        { "X-Client-Verified", "x-client-verif*" },
        { "X-Client-DN", "x-client-dn" },
        { "X-Client-S-DN", "x-client-s-dn" },
        { "Cf-Client-Cert-Der-Base64", "cf-client-cert-*" },
        { "Cf-Client-Cert-Sha256", "cf-client-cert-*" },
        { "cf-cert-verified", "cf-cert-*" },
        { "cf-cert-subject-dn-rfc2253", "cf-cert-*" },
        { "CloudFront-Viewer-Cert-Subject", "cloudfront-viewer-cert-*" },
        { "CloudFront-Viewer-Cert-Pem", "cloudfront-viewer-cert-*" },
        { "X-Amzn-Mtls-Clientcert", "x-amzn-mtls-*" },
        { "X-Amzn-Mtls-Clientcert-Serial-Number", "x-amzn-mtls-*" },
        { "X-ARR-ClientCert", "x-arr-clientcert" },
        { "Client-To-Edge", "client-to-edge" },
        { "l5d-client-id", "l5d-client-id" },
        { "WL-Proxy-Client-Cert", "wl-proxy-client-cert" },
        { "Proxy-auth-cert", "proxy-auth-cert" },
        { "Proxy-issuer-dn", "proxy-issuer-dn" },
        { "Proxy-user-dn", "proxy-user-dn" },
        { "CERT_CHAIN_0", "cert-chain*" },
        { "$WSCC", "*-wscc-*" },
    };

    /// <summary>Names of no family: products let their operators choose, and these are what they choose.</summary>
    public static TheoryData<string> NamesOfTheShape => new(
        "SSLClientCertStatus", "SSLClientCertSubject", "NS-Client-Cert", "X-NSX-Client-Certificate", "Client-Certificates",
        "X-Tls-Client-Subject",
        "X-Tls-Cert", "X-Peer-Certificate", "X-Viewer-Cert", "X-User-Certificate", "X-mTLS-Subject", "mtls-client-id", "XFCC",
        "x-xfcc-hash",
        "x-client-cert-bin", "x-forwarded-client-cert-bin", "X-Downstream-TLS-Client-SAN", "Kong-SSL-Client-Verify",
        "X-Auth-SSL-Subject-DN", "X-Auth-TLS-Issuer", "X-Subject-DN", "Issuer_DN");

    /// <summary>Names as configurations of nginx, Apache, HAProxy, Envoy, Caddy and IIS that people publish have them.</summary>
    public static TheoryData<string> NamesByHabit => new(
        "VERIFIED", "DN", "X-DN", "X-VERIFIED", "SSL-Verified", "X-Cert", "X-Cert-DN", "X-Cert-Subject", "X-Cert-CN", "X-Certificate",
        "X-Certificate-Subject", "X-Certificate-Verified", "X-Certificate-Data", "X-TLS-Verified", "X-Peer-Subject", "X-Peer-DN",
        "X-Peer-Identity", "X-Peer-Spiffe-Id", "X-Spiffe-Id", "SpiffeId", "X-Client-CN", "X-Client-Common-Name", "X-Client-Subject",
        "XClientSubject", "X-Client-SAN", "X-Client-Serial", "X-Client-Fingerprint", "X-Client-SHA256", "X-Client-Issuer",
        "X-CLIENT-SSL-SAN", "X-HAProxy-Client-CN", "CERT_SUBJECT", "CERT_ISSUER", "CERT_SERIALNUMBER", "HTTPS_SUBJECT",
        "TPP-Signature-Certificate", "PSD2-CERT", "X-User-DN", "USER_DN", "X-PIV-DN", "X-Forwarded-Client-DN",
        "X-Forwarded-Client-Subject", "X-Forwarded-Cert", "X-Device-Cert", "X-Cert-Thumbprint", "X-Common-Name-SSL", "SSL_C_VERIFIED",
        "SSL_C_SN", "SSL_SHA1_HASH", "X-Certificate-Client-CN", "X-DPF-Edge-Cert-Serial", "x-agent-cert", "SSL_S_DN", "$WSRU");

    /// <summary>Ordinary names that have a word in common with them.</summary>
    public static TheoryData<string> OrdinaryNames => new(
        "DNT", "X-Client-IP", "X-Client-Name", "X-Client-Type", "X-Client-Trace-Id", "X-Client-Request-Id", "X-Client-Access-Token",
        "X-Client-Public-Key", "X-Client-Platform", "X-Client-Device", "X-Client-Session", "X-Client-Subscription", "X-Client-Locale",
        "X-Client-Port", "X-Client-Proto", "X-Client-Sha", "True-Client-IP", "Fastly-Client-IP", "X-Verified-Email", "X-Verified-By",
        "X-Email-Verified", "X-User-Verified", "X-Identity-Verified", "X-Device-Id", "X-Device-Serial", "X-Device-Fingerprint",
        "X-Fingerprint", "X-Peer-Id", "X-Peer-Address", "X-Subject", "X-Token-Issuer", "X-Serial", "X-Serial-Number", "X-CDN",
        "X-CDN-Pop", "Cdn-Loop", "X-DNS-Prefetch-Control", "X-Dns-Name", "X-Cn-Region", "X-Sandbox", "X-San-Id", "X-Hash",
        "X-Checksum-Sha256", "X-Amz-Content-Sha256", "Ssl-Offloaded", "X-Amzn-Tls-Cipher-Suite", "X-TLS-Version", "X-TLS-Cipher",
        "X-TLS-Fingerprint", "X-JA3-Fingerprint", "X-Https", "X-Forwarded-Https", "Upgrade-Insecure-Requests", "X-Certificate-Id",
        "Sec-WebSocket-Key", "X-Common-Id", "X-Commons", "X-Proxy-User");

    /// <summary>The nearest names of another meaning.</summary>
    public static TheoryData<string> OtherNames => new(
        "X-Client-Id", "X-Client-Version", "X-Client-Data", "X-Client-Center", "X-Client-DNS", "X-Forwarded-Ssl", "X-SSL",
        "X-Amzn-Trace-Id", "X-Amzn-Tls-Version",
        "X-Amz-Cf-Id", "X-Custom-TLS-Version", "X-Html-Tls", "CloudFront-Viewer-Country", "cf-connecting-ip", "l5d-dst-override",
        "l5d-client-idle", "Txn-Certs",
        "X-Certified", "X-Subject-Id", "X-Issuer", "X-Cert-Manager", "Proxy-Authorization", "Proxy-Connection", "Accept-Client-Hints",
        "User-Agent", "Authorization", "Host", "Cookie");

    [Theory]
    [MemberData(nameof(KnownNames))]
    public void A_header_of_a_known_proxy_is_recognised_by_its_family(string name, string family) =>
        Assert.Equal(family, BuiltIn.Recognize(name));

    [Theory]
    [MemberData(nameof(KnownNames))]
    public void Case_and_whatever_divides_the_words_make_no_other_header(string name, string family)
    {
        Assert.Equal(family, BuiltIn.Recognize(name.ToUpperInvariant()));
        Assert.Equal(family, BuiltIn.Recognize(name.ToLowerInvariant()));
        Assert.Equal(family, BuiltIn.Recognize(name.Replace('-', '_')));
        Assert.Equal(family, BuiltIn.Recognize(name.Replace('-', '.').Replace('_', '.')));
    }

    [Theory]
    [MemberData(nameof(NamesOfTheShape))]
    [MemberData(nameof(NamesByHabit))]
    public void A_name_of_no_family_is_recognised_by_its_shape(string name) => Assert.NotNull(BuiltIn.Recognize(name));

    [Theory]
    [MemberData(nameof(OtherNames))]
    [MemberData(nameof(OrdinaryNames))]
    public void A_header_of_another_meaning_is_none(string name) => Assert.Null(BuiltIn.Recognize(name));

    [Theory]
    [InlineData("X-Client-Serial", "*clientserial*")]
    [InlineData("X-Client-CN", "*-client-cn-*")]
    [InlineData("X-User-DN", "*-dn-*")]
    [InlineData("X_Verified", "x-verified")]
    [InlineData("PSD2-CERT", "*-cert")]
    public void The_metric_tells_a_shape_and_not_the_name(string name, string known) => Assert.Equal(known, BuiltIn.Recognize(name));

    [Theory]
    [InlineData("X-Client-CN")]
    [InlineData("X_PEER_DN")]
    [InlineData("Verified")]
    public void A_name_that_has_a_shape_is_left_where_code_names_it(string name) =>
        Assert.Null(new CertificateHeaders([], [name]).Recognize(name));

    [Theory]
    [InlineData("x-client-cert", "x-client-cert")]
    [InlineData("x-pad-client-cert", "*long*")]
    public void A_name_that_is_longer_than_any_is_recognised_by_its_beginning_or_as_too_long(string start, string known) =>
        Assert.Equal(
            known, BuiltIn.Recognize(start.Replace("pad", new string('a', 200), StringComparison.Ordinal) + "-" + new string('b', 200)));

    [Fact]
    public void A_long_name_without_a_word_of_the_families_is_none() => Assert.Null(BuiltIn.Recognize("x-" + new string('a', 5000)));

    [Fact]
    public void Names_that_are_added_are_recognised_and_the_families_with_them()
    {
        var headers = new CertificateHeaders(["X-Acme-Caller", "X_Legacy_*"], []);

        Assert.Equal("x-acme-caller", headers.Recognize("X-ACME_Caller"));
        Assert.Equal("x-acme-caller", headers.Recognize("X-Acme-Caller-Serial"));
        Assert.Equal("x-legacy-*", headers.Recognize("x-legacy-caller"));
        Assert.Equal("client-cert", headers.Recognize("Client-Cert"));
        Assert.Null(headers.Recognize("X-Acme-Callers"));
        Assert.Null(headers.Recognize("Accept"));
    }

    [Fact]
    public void A_name_that_code_leaves_is_none_and_its_neighbours_are_taken()
    {
        var headers = new CertificateHeaders([], ["X-Client-Verify"]);

        Assert.Null(headers.Recognize("x_client_verify"));
        Assert.Equal("x-client-verif*", headers.Recognize("X-Client-Verified"));
        Assert.Equal("x-client-verif*", headers.Recognize("X-Client-Verify-Depth"));
    }

    [Fact]
    public void Nothing_is_allocated_for_a_name()
    {
        var names = OtherNames.Select(row => row.Data).Concat(KnownNames.Select(row => row.Data.Item1)).ToArray();
        var headers = new CertificateHeaders(["X-Acme-Caller"], ["X-Client-Verify"]);
        Recognize(names, headers);
        var before = GC.GetAllocatedBytesForCurrentThread();

        Recognize(names, headers);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Theory]
    [InlineData("")]
    [InlineData("*")]
    [InlineData("X-*")]
    [InlineData("X Acme")]
    [InlineData("X-Ac*me")]
    [InlineData("Authorization")]
    [InlineData("Content*")]
    [InlineData("content_type")]
    [InlineData("Txn-Token")]
    public void A_name_that_is_none_or_that_calls_need_is_a_fault(string name)
    {
        var faults = Faults(name);

        Assert.StartsWith("ZeroTrust:Listeners:one:CertificateHeaders:0: ", Assert.Single(faults), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("X-Acme-Caller")]
    [InlineData("X_Acme_*")]
    public void A_name_of_a_header_and_the_start_of_several_are_none(string name) => Assert.Empty(Faults(name));

    private static List<string> Faults(string name)
    {
        var faults = new List<string>();
        var options = new ListenerOptions { Url = "http://127.0.0.1:0", Role = ListenerRole.Probe, CertificateHeaders = [name] };
        _ = Listeners.ListenerPlan.Read("one", options, faults.Add);
        return faults;
    }

    private static void Recognize(string[] names, CertificateHeaders headers)
    {
        foreach (var name in names)
        {
            _ = headers.Recognize(name);
        }
    }
}

using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using ZeroTrust.Jose;

namespace ZeroTrust.Authz.Tests.Vectors;

internal sealed partial class VectorBook
{
    private void RefusedHeaders()
    {
        var root = Root();
        var good = Headers(root, [Link(root)], CertsOf("gateway"));
        Refuse("no-headers", "The call carries no context.", "authz.context_missing", []);
        foreach (var (name, code) in new[]
        {
            (TxnHeaderNames.Token, "authz.token_malformed"), (TxnHeaderNames.Chain, "authz.chain_missing"), (
                TxnHeaderNames.Certs, "authz.certificates_malformed"),
        })
        {
            Refuse($"without-{name.ToLower(CultureInfo.InvariantCulture)}", $"{name} is missing.", code, With(name));
            Refuse(
                $"twice-{name.ToLower(CultureInfo.InvariantCulture)}", $"{name} has two values, the same.", "authz.header_duplicated",
                With(name, good[name][0], good[name][0]));
        }

        Dictionary<string, IReadOnlyList<string>> With(string name, params string[] values)
        {
            var headers = new Dictionary<string, IReadOnlyList<string>>(good, StringComparer.Ordinal);
            _ = values.Length == 0 ? headers.Remove(name) : (headers[name] = values) is not null;
            return headers;
        }
    }

    private void RefusedForm()
    {
        RefusedSizes();
        RefusedJose();
        RefusedRootClaims();
        RefusedLinkForm();
        RefusedCertificates();
    }

    private void RefusedSizes()
    {
        var root = Root();
        var link = Link(root);
        var rest = TxnHeaders.MaxLength - root.Length - link.Length;
        Refuse(
            "8192-characters", "As long as may be; what it ends with is no certificate.", "authz.certificates_malformed", root, [link], [],
            "gateway", certs: new string('=', rest));
        Refuse("8193-characters", "One character more.", "authz.too_large", root, [link], [], "gateway", certs: new string('=', rest + 1));
        var header = Forge.Header(pki["gateway"], "txntoken+jwt");
        header["cty"] = new string('x', 300);
        Refuse(
            "long-header", "The encoded header has more than 512 characters.", "jose.too_large",
            Forge.Token(pki["gateway"], header, Forge.RootClaims(Now)));
    }

    private void RefusedJose()
    {
        var root = Root();
        var parts = root.Split('.');
        Refuse("two-parts", "The signature is missing.", "jose.part_count", $"{parts[0]}.{parts[1]}");
        Refuse("empty-signature", "The signature is empty.", "jose.part_count", $"{parts[0]}.{parts[1]}.");
        Refuse("padding", "base64url with padding.", "jose.encoding_invalid", root + "==");
        Refuse(
            "unused-bits", "Another spelling of the same signature: unused bits are set.", "jose.encoding_invalid",
            root[..^1] + Sibling(root[^1]));
        Refuse("header-no-json", "The header is no JSON.", "jose.json_invalid", $"{Encode("alg=ES256")}.{parts[1]}.{parts[2]}");
        Refuse(
            "header-twice", "The header names alg twice.", "jose.duplicate_member",
            $"{Encode("""{"alg":"ES256","alg":"ES256","typ":"txntoken+jwt","x5t#S256":"AA"}""")}.{parts[1]}.{parts[2]}");
        Header("alg-missing", "There is no alg.", "jose.algorithm_missing", header => header.Remove("alg"));
        Header("alg-none", "alg none.", "jose.algorithm_refused", header => header["alg"] = "none");
        Header("alg-hmac", "alg HS256.", "jose.algorithm_refused", header => header["alg"] = "HS256");
        Header("alg-in-small-letters", "alg es256.", "jose.algorithm_refused", header => header["alg"] = "es256");
        Header("embedded-key", "The token brings a key.", "jose.embedded_key", header => header["jwk"] = new JsonObject());
        Header("embedded-certificate", "The token brings a certificate.", "jose.embedded_key", header => header["x5c"] = new JsonArray());
        Header(
            "critical", "The token lists a critical extension.", "jose.critical_extension",
            header => header["crit"] = new JsonArray("exp"));
        Header("typ-number", "typ is no string.", "jose.header_invalid", header => header["typ"] = 1);
        Header("typ-missing", "There is no typ.", "authz.token_header_refused", header => header.Remove("typ"));
        Header("cty", "A parameter more.", "authz.token_header_refused", header => header["cty"] = "JWT");
        Header("kid-beside", "kid beside x5t#S256.", "authz.token_header_refused", header => header["kid"] = "gateway");
        Header(
            "typ-media-type", "typ with application/ in front.", "authz.token_type_refused",
            header => header["typ"] = "application/txntoken+jwt");
        Header("typ-in-capitals", "typ in capital letters.", "authz.token_type_refused", header => header["typ"] = "TXNTOKEN+JWT");
        Header("typ-of-a-link", "A root with the typ of a link.", "authz.token_type_refused", header => header["typ"] = "zt-link+jwt");
        var service = pki.ServiceRsaRoot(ServiceClaims(), JwsAlgorithms.RS256);
        Refuse(
            "token-service-rs256", "A token service signs with RS256.", "authz.root_algorithm_refused", service,
            Link(service, signer: "billing"), "billing");
        Payload("claims-no-object", "The claims are an array.", "jose.json_invalid", "[]");
        Payload("claims-comma", "A comma at the end.", "jose.json_invalid", Forge.RootClaims(Now).ToJsonString()[..^1] + ",}");
        Payload(
            "claims-deep", "An object five deep.", "jose.json_invalid",
            Forge.RootClaims(Now).ToJsonString()[..^1] + ""","a":{"b":{"c":{"d":{}}}}}""");
        Payload(
            "claims-twice", "exp twice.", "jose.duplicate_member",
            Forge.RootClaims(Now).ToJsonString()[..^1] + $$""","exp":{{Seconds}}}""");
        Payload(
            "tenant-twice", "tenant_id twice, below.", "jose.duplicate_member",
            Forge.RootClaims(Now).ToJsonString().Replace(
                "\"tenant_id\":\"acme\"", "\"tenant_id\":\"acme\",\"tenant_id\":\"globex\"", StringComparison.Ordinal));
        Payload(
            "surrogate", "Half of a surrogate pair.", "jose.json_invalid",
            Forge.RootClaims(Now).ToJsonString().Replace("idp/alice", "idp/\\ud800", StringComparison.Ordinal));
    }

    private void RefusedRootClaims()
    {
        foreach (var name in Forge.RootClaims(Now).Select(claim => claim.Key).ToList())
        {
            Refuse($"without-{name}", $"{name} is missing.", "authz.token_malformed", Root(claims => claims.Remove(name)));
        }

        Claim("further-claim", "A claim more.", "jti", "\"1\"");
        Claim("iat-fraction", "iat is 1.0.", "iat", "1.0");
        Claim("exp-exponent", "exp is written with an exponent.", "exp", "1780315e3");
        Claim("exp-text", "exp is a string.", "exp", $"\"{Seconds + 120}\"");
        Claim("iat-negative", "iat is before 1970.", "iat", "-1");
        Claim("iat-minus-zero", "iat is -0.", "iat", "-0");
        Claim("aud-array", "aud is an array.", "aud", "[\"example.test\"]");
        Claim("txn-hex", "txn is hexadecimal.", "txn", "\"00112233445566778899aabbccddeeff\"");
        Claim("txn-uuid", "txn is a UUID.", "txn", "\"00112233-4455-6677-8899-aabbccddeeff\"");
        Claim("txn-short", "txn is of 15 bytes.", "txn", $"\"{CanonicalBase64Url.Encode(new byte[15])}\"");
        Claim("txn-padding", "txn has padding.", "txn", "\"AAAAAAAAAAAAAAAAAAAAAA==\"");
        Claim("sub-space", "sub has a space.", "sub", "\"idp/alice smith\"");
        Claim("sub-bar", "sub has a vertical bar.", "sub", "\"auth0|alice\"");
        Claim("sub-long", "sub has 257 characters.", "sub", $"\"{new string('a', 257)}\"");
        Claim("sub-empty", "sub is empty.", "sub", "\"\"");
        Claim("scope-repeated", "scope names a permission twice.", "scope", "\"orders:read orders:read\"");
        Claim("scope-two-spaces", "Two spaces in scope.", "scope", "\"orders:read  orders:write\"");
        Claim("scope-space-around", "A space at the end of scope.", "scope", "\"orders:read \"");
        Claim("scope-capitals", "A capital letter in scope.", "scope", "\"Orders:read\"");
        Claim("scope-array", "scope is an array.", "scope", "[\"orders:read\"]");
        Claim("scope-65", "65 permissions.", "scope", $"\"{string.Join(' ', Enumerable.Range(0, 65).Select(number => $"p{number}"))}\"");
        Claim("requester-slash", "req_wl with a slash at its end.", "req_wl", "\"spiffe://example.test/gateway/\"");
        Claim("requester-domain", "req_wl without a path.", "req_wl", "\"spiffe://example.test\"");
        Claim("requester-dns-capitals", "req_wl with a DNS name in capital letters.", "req_wl", "\"dns:Ledger.example.test\"");
        Claim("requester-bare-dns", "req_wl with a DNS name without dns:.", "req_wl", "\"ledger.example.test\"");
        Claim("tenant-capitals", "A tenant in capital letters.", "tctx", "{\"tenant_id\":\"ACME\"}");
        Claim("tenant-long", "A tenant of 129 characters.", "tctx", $"{{\"tenant_id\":\"{new string('a', 129)}\"}}");
        Claim("tenant-beside", "A member beside tenant_id.", "tctx", "{\"tenant_id\":\"acme\",\"region\":\"eu\"}");
        Claim("tctx-text", "tctx is a string.", "tctx", "\"acme\"");
    }

    private void RefusedLinkForm()
    {
        var root = Root();
        Refuse("chain-empty", "There is no link.", "authz.chain_missing", root, [""], ["gateway"], "gateway");
        Refuse("five-links", "Five links.", "authz.chain_too_long", root, [.. Enumerable.Repeat(Link(root), 5)], ["gateway"], "gateway");
        Refuse("chain-with-end", "A separator at the end of the chain.", "jose.part_count", root, Link(root) + "~");
        Refuse("root-as-link", "A root in the place of a link.", "authz.token_type_refused", root, root);
        using var signer = JwsSigner.FromKey(ECDsa.Create(ECCurve.NamedCurves.nistP256), "key");
        Refuse(
            "link-by-kid", "A link that names its key by kid.", "authz.token_header_refused", root,
            signer.Sign("zt-link+jwt", Encoding.UTF8.GetBytes(Forge.LinkClaims(Now, root, Orders).ToJsonString())));
        foreach (var name in Forge.LinkClaims(Now, root, Orders).Select(claim => claim.Key).ToList())
        {
            Refuse(
                $"link-without-{name}", $"{name} of the link is missing.", "authz.link_malformed", root,
                Link(root, claims => claims.Remove(name)));
        }

        LinkClaim("link-further-claim", "A claim more.", "aud", "\"example.test\"");
        LinkClaim("link-iat-fraction", "iat is a fraction.", "iat", $"{Seconds}.5");
        LinkClaim("link-scope-repeated", "scope names a permission twice.", "scope", "\"orders:read orders:read\"");
        LinkClaim("link-to-wildcard", "to is a wildcard.", "to", "\"spiffe://example.test/*\"");
        LinkClaim("link-to-array", "to is an array.", "to", "[\"spiffe://example.test/orders\"]");
        LinkClaim("link-prv-empty", "prv is empty.", "prv", "\"\"");
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(root)));
        LinkClaim("link-prv-hex", "prv is hexadecimal.", "prv", $"\"{hash}\"");

        void LinkClaim(string name, string about, string claim, string json) =>
            Refuse(name, about, "authz.link_malformed", root, Link(root, claims => claims[claim] = JsonNode.Parse(json)));
    }

    private void RefusedCertificates()
    {
        var certs = CertsOf("gateway");
        Certs("certs-empty", "An empty value.", "");
        Certs("certs-with-end", "A separator at the end.", certs + "~");
        Certs("certs-twice", "A certificate twice.", $"{certs}~{certs}");
        Certs("certs-base64", "base64 with padding.", Convert.ToBase64String(pki["gateway"].Certificate.RawData) + "=");
        Certs("certs-pem", "PEM.", pki["gateway"].Certificate.ExportCertificatePem().ReplaceLineEndings(" "));
        Certs(
            "certs-17", "17 certificates.",
            string.Join('~', Enumerable.Range(1, 16).Select(number => CanonicalBase64Url.Encode([(byte)number])).Prepend(certs)));

        void Certs(string name, string about, string value)
        {
            var root = Root();
            Refuse(name, about, "authz.certificates_malformed", root, [Link(root)], [], "gateway", certs: value);
        }
    }

    private void Header(string name, string about, string code, Action<JsonObject> change)
    {
        var header = Forge.Header(pki["gateway"], "txntoken+jwt");
        change(header);
        Refuse(name, about, code, Forge.Token(pki["gateway"], header, Forge.RootClaims(Now)));
    }

    private void Payload(string name, string about, string code, string claims) => Refuse(
        name, about, code, Forge.Token(pki["gateway"], "txntoken+jwt", claims));

    private void Claim(string name, string about, string claim, string json) =>
        Payload(name, about, "authz.token_malformed", With(Forge.RootClaims(Now), claim, json));

    // As it is written, for a parsed number may come out in another spelling.
    private static string With(JsonObject claims, string claim, string json)
    {
        claims[claim] = "@";
        return claims.ToJsonString().Replace("\"@\"", json, StringComparison.Ordinal);
    }

    // The last character of 64 bytes has four bits that are not used.
    private static char Sibling(char last) => last == 'A' ? 'B' : (char)(last + 1);
}

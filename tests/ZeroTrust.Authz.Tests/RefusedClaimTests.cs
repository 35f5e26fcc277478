using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ZeroTrust.Jose;
using ZeroTrust.Testing;

namespace ZeroTrust.Authz.Tests;

/// <summary>
/// The receiver's log names the token, the claim and the rule that was broken, and never the value of a claim about a person.
/// </summary>
public sealed class RefusedClaimTests : IDisposable
{
    private const string Private = "nobody's business";
    private const string Time = "a whole number of seconds since 1970, in digits alone";
    private const string TooLarge = "and is above 253402300799, as milliseconds in place of seconds are";
    private const string Scope = "at most 64 permissions, [a-z0-9][a-z0-9._:-]{0,63}, each once, one space between two";
    private const string TransactionId = "22 characters of base64url without padding (16 bytes)";
    private const string Workload = "a workload id, spiffe://domain/path or dns:name in lower case";
    private const string Hash = "43 characters of base64url without padding (the SHA-256 of the preceding token)";
    private const string Audience = "the name of the trust domain, as one string of at most 2048 characters";

    private readonly TestMesh _mesh = new();

    private DateTimeOffset Now => _mesh.Time.GetUtcNow();

    public void Dispose() => _mesh.Dispose();

    [Theory]
    [InlineData("iss", "\"\"", "iss: wanted a string of 1 to 2048 characters, found a string of 0 characters")]
    [InlineData("iss", "7", "iss: wanted a string of 1 to 2048 characters, found a number")]
    [InlineData("iat", "1.0", "iat: wanted " + Time + ", found a number: it is written with a fraction")]
    [InlineData("iat", "1780315200.25", "iat: wanted " + Time + ", found a number: it is written with a fraction")]
    [InlineData("iat", "1.78E9", "iat: wanted " + Time + ", found a number: it is written with an exponent")]
    [InlineData("exp", "1780315200000", "exp: wanted " + Time + ", found a number: it has 13 digits " + TooLarge)]
    [InlineData("exp", "253402300800", "exp: wanted " + Time + ", found a number: it has 12 digits " + TooLarge)]
    [InlineData("exp", "99999999999999999999", "exp: wanted " + Time + ", found a number: it has 20 digits " + TooLarge)]
    [InlineData("exp", "-0", "exp: wanted " + Time + ", found a number: minus zero")]
    [InlineData("exp", "-0.0", "exp: wanted " + Time + ", found a number: it is negative")]
    [InlineData("exp", "null", "exp: wanted " + Time + ", found null")]
    [InlineData("exp", "\"1780315200\"", "exp: wanted " + Time + ", found a string of 10 characters")]
    [InlineData("aud", "[\"example.test\"]", "aud: wanted " + Audience + ", found an array")]
    [InlineData("txn", "\"6f1ed002-ab5e-4b9c-8d0e-0123456789ab\"", "txn: wanted " + TransactionId + ", found a string of 36 characters")]
    [InlineData("txn", "\"00000000000000000000000000000000\"", "txn: wanted " + TransactionId + ", found a string of 32 characters")]
    [InlineData(
        "txn", "\"AAAAAAAAAAAAAAAAAAAAAB\"",
        "txn: wanted " + TransactionId + ", found a string of 22 characters: the unused bits of its last character are not zero")]
    [InlineData(
        "txn", "\"AAAAAAAAAAAAAAAAAAAAAA==\"",
        "txn: wanted " + TransactionId + ", found a string of 24 characters: it is padded with =")]
    [InlineData("txn", "7", "txn: wanted " + TransactionId + ", found a number")]
    [InlineData("sub", "\"nobody's business\"", "sub: wanted [A-Za-z0-9][A-Za-z0-9._:@/+-]{0,255}, found a string of 17 characters")]
    [InlineData(
        "sub", "\"idp/\u00e1lice\"",
        "sub: wanted [A-Za-z0-9][A-Za-z0-9._:@/+-]{0,255}, found a string of 9 characters, not all of them printable ASCII")]
    [InlineData("sub", "null", "sub: wanted [A-Za-z0-9][A-Za-z0-9._:@/+-]{0,255}, found null")]
    [InlineData(
        "scope", "\"orders:read orders:read\"",
        "scope: wanted " + Scope + ", found a string of 23 characters: 2 permissions, one of them twice")]
    [InlineData("scope", "\"orders:Read\"", "scope: wanted " + Scope + ", found a string of 11 characters: 1 permissions, each once")]
    [InlineData("scope", "\"orders:read \"", "scope: wanted " + Scope + ", found a string of 12 characters: it has a space too many")]
    [InlineData("scope", "true", "scope: wanted " + Scope + ", found true or false")]
    [InlineData("req_wl", "\"gateway\"", "req_wl: wanted " + Workload + ", found a string of 7 characters")]
    [InlineData("tctx", "\"acme\"", "tctx: wanted an object, found a string of 4 characters")]
    [InlineData("tctx", "{}", "tctx.tenant_id: is missing")]
    [InlineData(
        "tctx", "{\"tenant_id\":\"nobody's business\"}", "tctx.tenant_id: wanted [a-z0-9][a-z0-9._-]{0,127}, found a string of 17 characters")]
    [InlineData("tctx", "{\"tenant_id\":\"acme\",\"email\":\"nobody's business\"}", "tctx.email: is not one of the claims tenant_id")]
    [InlineData("email", "\"nobody's business\"", "email: is not one of the claims iss, iat, exp, aud, txn, sub, scope, req_wl, tctx")]
    public void A_claim_of_the_root_is_named_with_its_rule(string claim, string json, string named)
    {
        var root = Forge.Root(_mesh.Gateway, Now, claims => claims[claim] = JsonNode.Parse(json));

        Named(Verify(root), AuthzRejectionReason.TokenMalformed, $"Root: {named}.");
    }

    [Theory]
    [InlineData("iss")]
    [InlineData("iat")]
    [InlineData("exp")]
    [InlineData("aud")]
    [InlineData("txn")]
    [InlineData("sub")]
    [InlineData("scope")]
    [InlineData("req_wl")]
    [InlineData("tctx")]
    public void A_claim_that_the_root_lacks_is_named(string claim)
    {
        var root = Forge.Root(_mesh.Gateway, Now, claims => claims.Remove(claim));

        Named(Verify(root), AuthzRejectionReason.TokenMalformed, $"Root: {claim}: is missing.");
    }

    [Theory]
    [InlineData("prv", "\"\"", "prv: wanted " + Hash + ", found a string of 0 characters")]
    [InlineData(
        "prv", "\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB\"",
        "prv: wanted " + Hash + ", found a string of 43 characters: the unused bits of its last character are not zero")]
    [InlineData(
        "prv", "\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\"",
        "prv: wanted " + Hash + ", found a string of 44 characters: it is padded with =")]
    [InlineData("prv", "7", "prv: wanted " + Hash + ", found a number")]
    [InlineData("to", "\"dns:Orders.example.test\"", "to: wanted " + Workload + ", found a string of 23 characters")]
    [InlineData("scope", "[]", "scope: wanted " + Scope + ", found an array")]
    [InlineData("iat", "-1", "iat: wanted " + Time + ", found a number: it is negative")]
    [InlineData("exp", "1e9", "exp: wanted " + Time + ", found a number: it is written with an exponent")]
    [InlineData("aud", "\"example.test\"", "aud: is not one of the claims prv, to, scope, iat, exp")]
    public void A_claim_of_a_link_is_named_with_the_link_and_its_rule(string claim, string json, string named)
    {
        var root = Forge.Root(_mesh.Gateway, Now);
        var first = Forge.Link(_mesh.Gateway, Now, root, TestMesh.BillingId);
        var second = Forge.Link(_mesh.Billing, Now, first, TestMesh.OrdersId, claims => claims[claim] = JsonNode.Parse(json));

        Named(Verify(root, first, second), AuthzRejectionReason.LinkMalformed, $"Link 2 of 2: {named}.");
    }

    [Theory]
    [InlineData("typ", "application/txntoken+jwt", "authz.token_type_refused", "Root: typ is not the one expected here, to the letter.")]
    [InlineData("typ", "TXNTOKEN+JWT", "authz.token_type_refused", "Root: typ is not the one expected here, to the letter.")]
    [InlineData(
        "typ", "", "jose.header_invalid",
        "Root: typ is not a printable string of 1 to 256 characters: it is a string of 0 characters.")]
    [InlineData(
        "typ", "\u00e9", "jose.header_invalid",
        "Root: typ is not a printable string of 1 to 256 characters: it is a string with others")]
    [InlineData(
        "alg", "HS256", "jose.algorithm_refused",
        "Root: alg HS256 is not accepted; wanted is one of ES256, ES384, PS256, RS256, which the key decides.")]
    [InlineData("alg", "ES384", "jose.algorithm_mismatch", "Root: alg is ES384, the key is for ES256.")]
    [InlineData(
        "kid", "k", "authz.token_header_refused",
        "Root: The header has both kid and x5t#S256: a workload sends x5t#S256 alone, a token service kid alone.")]
    [InlineData("cty", "JWT", "authz.token_header_refused", "Root: The header is not exactly alg, typ and x5t#S256: leave out cty.")]
    [InlineData("x5c", "k", "jose.embedded_key", "Root: The header brings a key: x5c.")]
    [InlineData("crit", "k", "jose.critical_extension", "Root: The header asks for an extension: crit.")]
    [InlineData("x5t#S256", "AAAA", "authz.signer_certificate_missing", "Root: x5t#S256 names none of the 1 certificates sent.")]
    public void A_header_parameter_is_named(string parameter, string value, string code, string named)
    {
        var header = Forge.Header(_mesh.Gateway, "txntoken+jwt");
        header[parameter] = value;

        Named(Verify(Forge.Token(_mesh.Gateway, header, Forge.RootClaims(Now))), code, named);
    }

    [Fact]
    public void Ecdsa_in_der_is_told_by_its_length()
    {
        var root = Forge.Root(_mesh.Gateway, Now);
        using var key = _mesh.Gateway.Certificate.GetECDsaPrivateKey()!;
        var input = root[..root.LastIndexOf('.')];
        var der = key.SignData(
            Encoding.ASCII.GetBytes(input),
            HashAlgorithmName.SHA256,
            DSASignatureFormat.Rfc3279DerSequence);

        var refused = Verify($"{input}.{CanonicalBase64Url.Encode(der)}");
        Named(refused, "jose.signature_invalid", $"Root: The signature has {der.Length} bytes, ES256 by this key has 64");
    }

    [Fact]
    public void A_member_named_twice_is_named()
    {
        var twice = Forge.RootClaims(Now).ToJsonString().Replace("\"txn\"", "\"exp\":1,\"txn\"", StringComparison.Ordinal);

        Named(
            Verify(Forge.Token(_mesh.Gateway, "txntoken+jwt", twice)), "jose.duplicate_member",
            "Root: claims: An object names a member twice: exp.");
    }

    [Fact]
    public void A_part_that_is_not_base64url_is_named()
    {
        var root = Forge.Root(_mesh.Gateway, Now);

        Named(
            Verify(root + "="), "jose.encoding_invalid",
            "Root: The signature is not canonical base64url without padding: it is padded with =.");
    }

    [Fact]
    public void A_hash_in_hexadecimal_is_told_with_the_link()
    {
        var root = Forge.Root(_mesh.Gateway, Now);
        var link = Forge.Link(_mesh.Gateway, Now, root, TestMesh.OrdersId, claims =>
            claims["prv"] = Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(root))));

        Named(
            Verify(root, link), AuthzRejectionReason.LinkMalformed,
            "Link 1 of 1: prv: wanted " + Hash + ", found a string of 64 characters.");
    }

    [Fact]
    public void A_hash_of_right_form_that_is_another_breaks_the_chain()
    {
        var root = Forge.Root(_mesh.Gateway, Now);
        var link = Forge.Link(_mesh.Gateway, Now, root, TestMesh.OrdersId, claims => claims["prv"] = Forge.HashOf("another"));

        Named(
            Verify(root, link), AuthzRejectionReason.ChainBroken,
            "Link 1 of 1: prv is not the hash of the token before it: of the whole compact token as it was sent, signature included.");
        AuthzAssert.Accepted(Verify(root, Forge.Link(_mesh.Gateway, Now, root, TestMesh.OrdersId)));
    }

    [Theory]
    [InlineData(true, true, "The header has kid: a link is signed by a workload, which sends x5t#S256 alone. Leave kid out.")]
    [InlineData(true, false, "The header has kid: a link is signed by a workload, which sends x5t#S256 alone. Leave kid out.")]
    [InlineData(false, false, "The header is not exactly alg, typ and x5t#S256: x5t#S256 is missing.")]
    public void What_names_the_signer_of_a_link_is_told(bool withKey, bool withCertificate, string named)
    {
        var root = Forge.Root(_mesh.Gateway, Now);
        var header = Forge.Header(_mesh.Gateway, "zt-link+jwt");
        _ = withKey && header.TryAdd("kid", "k");
        _ = !withCertificate && header.Remove("x5t#S256");

        var refused = Verify(root, Forge.Token(_mesh.Gateway, header, Forge.LinkClaims(Now, root, TestMesh.OrdersId)));
        Named(refused, AuthzRejectionReason.TokenHeaderRefused, $"Link 1 of 1: {named}");
        Assert.Equal("alg typ x5t#S256", refused.Rejection!.Expected);
    }

    [Theory]
    [InlineData("typ", "Root: The header is not exactly alg, typ and x5t#S256: typ is missing.")]
    [InlineData("x5t#S256", "Root: The header is not exactly alg, typ and x5t#S256: x5t#S256 is missing.")]
    public void A_header_parameter_that_lacks_is_named(string parameter, string named)
    {
        var header = Forge.Header(_mesh.Gateway, "txntoken+jwt");
        header.Remove(parameter);

        Named(Verify(Forge.Token(_mesh.Gateway, header, Forge.RootClaims(Now))), AuthzRejectionReason.TokenHeaderRefused, named);
    }

    [Fact]
    public void A_workload_that_sends_kid_is_told_what_it_sends_instead()
    {
        var header = Forge.Header(_mesh.Gateway, "txntoken+jwt");
        header.Remove("x5t#S256");
        header["kid"] = "k";

        Named(
            Verify(Forge.Token(_mesh.Gateway, header, Forge.RootClaims(Now))), AuthzRejectionReason.TokenServiceUnknown,
            "Root: The root has a kid in its header, which is for token services alone, and iss is none that is believed here. "
                + "A workload sends x5t#S256 in place of kid.");
    }

    [Theory]
    [InlineData("", "it has 1 parts, three wanted.")]
    [InlineData("a.b.c.d.e", "it has 5 parts, three wanted.")]
    [InlineData("a.b.", "the signature is empty.")]
    [InlineData(".b.c", "the header is empty.")]
    public void The_parts_of_a_token_are_counted(string link, string named) =>
        Named(
            Verify(Forge.Root(_mesh.Gateway, Now), link + "~"), "jose.part_count",
            $"Link 1 of 2: The token is not header, payload and signature: {named}");

    [Theory]
    [InlineData(
        "{\"sub\":nobody's business}",
        "claims: Not JSON as RFC 8259 writes it, or deeper than 4: unexpected is 'o' at byte 9 of line 1.")]
    [InlineData(
        "{\"sub\":true nobody's business}",
        "claims: Not JSON as RFC 8259 writes it, or deeper than 4: unexpected is 'n' at byte 13 of line 1.")]
    [InlineData("{\n\"iat\":01}", "claims: Not JSON as RFC 8259 writes it, or deeper than 4: unexpected is '1' at byte 8 of line 2.")]
    [InlineData("{\"iat\":1", "claims: Not JSON as RFC 8259 writes it, or deeper than 4: unexpected is the end at byte 9 of line 1.")]
    [InlineData("\ufeff{}", "claims: Not JSON: it begins with a byte order mark (RFC 8259 section 8.1).")]
    [InlineData("", "claims: Not JSON: it is empty.")]
    public void Where_claims_are_no_json_is_told_without_the_words_that_stand_there(string claims, string named) =>
        Named(Verify(Forge.Token(_mesh.Gateway, "txntoken+jwt", claims)), "jose.json_invalid", $"Root: {named}");

    [Theory]
    [InlineData("", "certificate 1 of 1 is empty")]
    [InlineData("{0}~", "certificate 2 of 2 is empty")]
    [InlineData("{0}~{0}", "certificate 2 of 2 is there already")]
    [InlineData("{0}~MIIB=", "certificate 2 of 2 is not base64url without padding (PEM and base64 are not read): it is padded with =")]
    [InlineData("{0}~AA~AQ~Ag~Aw~BA~BQ~Bg~Bw~CA~CQ~Cg~Cw~DA~DQ~Dg~Dw", "17 certificates, 16 at most")]
    public void What_is_wrong_with_the_certificates_is_told_with_the_place(string certs, string named)
    {
        var root = Forge.Root(_mesh.Gateway, Now);
        var headers = new TxnHeaders(
            root,
            Forge.Link(_mesh.Gateway, Now, root, TestMesh.OrdersId),
            certs.Replace("{0}", Forge.Certs(_mesh.Gateway), StringComparison.Ordinal));

        Named(
            _mesh.Receiver.Verifier.Verify(headers, _mesh.Receiver.Peer(_mesh.Gateway)), AuthzRejectionReason.CertificatesMalformed,
            $"Txn-Certs: {named}.");
    }

    [Fact]
    public void Which_signer_is_not_trusted_is_told()
    {
        using var strange = TestCertificateAuthority.Create("strange root", _mesh.Time);
        using var billing = strange.Issue(TestMesh.BillingId);
        var root = Forge.Root(_mesh.Gateway, Now);
        var first = Forge.Link(_mesh.Gateway, Now, root, TestMesh.BillingId);
        var second = Forge.Link(billing, Now, first, TestMesh.OrdersId);
        var headers = new TxnHeaders(root, $"{first}~{second}", Forge.Certs(_mesh.Gateway, billing));

        var verdict = _mesh.Receiver.Verifier.Verify(headers, _mesh.Receiver.Peer(_mesh.Billing));
        Named(verdict, AuthzRejectionReason.SignerUntrusted, "Link 2 of 2: A signer's certificate is refused: x509.");
    }

    [Fact]
    public void What_is_too_large_is_told_in_numbers()
    {
        var headers = new TxnHeaders(new string('a', 4000), new string('b', 4000), "c~" + new string('d', 191));

        Named(
            _mesh.Receiver.Verifier.Verify(headers, _mesh.Receiver.Peer(_mesh.Gateway)),
            AuthzRejectionReason.TooLarge,
            "Txn-Token, Txn-Chain and Txn-Certs have 4000 + 4000 + 193 = 8193 characters, 8192 at most: 1 links and 2 certificates.");
    }

    [Theory]
    [InlineData("\n[15:00:00 INF] accepted")]
    [InlineData("\ufffd")]
    [InlineData("\u202e")]
    public void A_name_that_is_not_plain_is_not_repeated(string name)
    {
        var header = Forge.Header(_mesh.Gateway, "txntoken+jwt");
        header[name] = 1;
        var refused = Verify(Forge.Token(_mesh.Gateway, header, Forge.RootClaims(Now)));
        Assert.Equal("alg typ x5t#S256 a name that is not printable ASCII", refused.Rejection!.Presented);

        Named(
            Verify(Forge.Root(_mesh.Gateway, Now, claims => claims[name] = 1)),
            AuthzRejectionReason.TokenMalformed,
            "Root: a name that is not printable ASCII: is not one of the claims");

        var member = $"{JsonSerializer.Serialize(name)}:1,";
        var twice = Forge.RootClaims(Now).ToJsonString().Replace("{\"iss\"", $"{{{member}{member}\"iss\"", StringComparison.Ordinal);
        Named(
            Verify(Forge.Token(_mesh.Gateway, "txntoken+jwt", twice)),
            "jose.duplicate_member",
            "Root: claims: An object names a member twice: a name that is not printable ASCII.");
    }

    [Fact]
    public void The_name_of_a_claim_is_cut()
    {
        var root = Forge.Root(_mesh.Gateway, Now, claims => claims[new string('x', 3000)] = 1);

        Named(Verify(root), AuthzRejectionReason.TokenMalformed, $"Root: {new string('x', 64)}…: is not one of the claims");
    }

    private static void Named(Verdict<AuthzContext> verdict, AuthzRejectionReason reason, string named) =>
        Named(verdict, AuthzRejections.Refuse(reason, string.Empty).Code, named);

    private static void Named(Verdict<AuthzContext> verdict, string code, string named)
    {
        AuthzAssert.Refused(code, verdict);
        Assert.StartsWith(named, verdict.Rejection!.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain(Private, $"{verdict.Rejection.Detail} {verdict.Rejection.Presented}", StringComparison.Ordinal);
    }

    private Verdict<AuthzContext> Verify(string root) => Verify(root, Forge.Link(_mesh.Gateway, Now, root, TestMesh.OrdersId));

    private Verdict<AuthzContext> Verify(string root, string link) =>
        _mesh.Receiver.Verifier.Verify(new TxnHeaders(root, link, Forge.Certs(_mesh.Gateway)), _mesh.Receiver.Peer(_mesh.Gateway));

    private Verdict<AuthzContext> Verify(string root, string first, string second) =>
        _mesh.Receiver.Verifier.Verify(
            new TxnHeaders(root, $"{first}~{second}", Forge.Certs(_mesh.Gateway, _mesh.Billing)), _mesh.Receiver.Peer(_mesh.Billing));
}

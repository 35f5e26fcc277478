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
    private const string Scope = "at most 64 permissions, [a-z0-9][a-z0-9._:-]{0,63}, each once, one space between two";
    private const string TransactionId = "22 characters of base64url without padding (16 bytes)";
    private const string Workload = "a workload id, spiffe://domain/path or dns:name in lower case";
    private const string Hash = "43 characters of base64url without padding (the SHA-256 of the preceding token)";
    private const string Audience = "the name of the trust domain, as one string of at most 2048 characters";

    private readonly TestMesh _mesh = new();
    private readonly TestService _orders;

    public RefusedClaimTests() => _orders = _mesh.Run(_mesh.Orders);

    private DateTimeOffset Now => _mesh.Time.GetUtcNow();

    public void Dispose()
    {
        _orders.Dispose();
        _mesh.Dispose();
    }

    [Theory]
    [InlineData("iss", "\"\"", "iss: wanted a string of 1 to 2048 characters, found a string of 0 characters")]
    [InlineData("iss", "7", "iss: wanted a string of 1 to 2048 characters, found a number")]
    [InlineData("iat", "1.0", "iat: wanted " + Time + ", found a number")]
    [InlineData("exp", "\"1780315200\"", "exp: wanted " + Time + ", found a string of 10 characters")]
    [InlineData("aud", "[\"example.test\"]", "aud: wanted " + Audience + ", found an array")]
    [InlineData("txn", "\"6f1ed002-ab5e-4b9c-8d0e-0123456789ab\"", "txn: wanted " + TransactionId + ", found a string of 36 characters")]
    [InlineData("txn", "\"00000000000000000000000000000000\"", "txn: wanted " + TransactionId + ", found a string of 32 characters")]
    [InlineData("sub", "\"nobody's business\"", "sub: wanted [A-Za-z0-9][A-Za-z0-9._:@/+-]{0,255}, found a string of 17 characters")]
    [InlineData("sub", "null", "sub: wanted [A-Za-z0-9][A-Za-z0-9._:@/+-]{0,255}, found null")]
    [InlineData("scope", "\"orders:read orders:read\"", "scope: wanted " + Scope + ", found a string of 23 characters")]
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
    [InlineData("to", "\"dns:Orders.example.test\"", "to: wanted " + Workload + ", found a string of 23 characters")]
    [InlineData("scope", "[]", "scope: wanted " + Scope + ", found an array")]
    [InlineData("iat", "-1", "iat: wanted " + Time + ", found a number")]
    [InlineData("exp", "1e9", "exp: wanted " + Time + ", found a number")]
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
    [InlineData("typ", "", "jose.header_invalid", "Root: typ is not a printable string of 1 to 256 characters.")]
    [InlineData("alg", "HS256", "jose.algorithm_refused", "Root: alg HS256 is not accepted.")]
    [InlineData("alg", "ES384", "jose.algorithm_mismatch", "Root: alg is ES384, the key is for ES256.")]
    [InlineData("kid", "k", "authz.token_header_refused", "Root: The header is not exactly alg, typ and kid.")]
    [InlineData("cty", "JWT", "authz.token_header_refused", "Root: The header is not exactly alg, typ and x5t#S256.")]
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
            "Root: An object names a member twice: exp.");
    }

    [Fact]
    public void A_part_that_is_not_base64url_is_named()
    {
        var root = Forge.Root(_mesh.Gateway, Now);

        Named(Verify(root + "="), "jose.encoding_invalid", "Root: The signature is not canonical base64url without padding.");
    }

    [Fact]
    public void A_hash_in_hexadecimal_is_told_with_the_link()
    {
        var root = Forge.Root(_mesh.Gateway, Now);
        var link = Forge.Link(_mesh.Gateway, Now, root, TestMesh.OrdersId, claims =>
            claims["prv"] = Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(root))));

        Named(
            Verify(root, link), AuthzRejectionReason.ChainBroken,
            "Link 1 of 1: prv is not the hash of the token before it; wanted are 43 characters of base64url");
    }

    [Theory]
    [InlineData("", "certificate 1 of 1 is empty")]
    [InlineData("{0}~", "certificate 2 of 2 is empty")]
    [InlineData("{0}~{0}", "certificate 2 of 2 is there already")]
    [InlineData("{0}~MIIB=", "certificate 2 of 2 is not base64url without padding (PEM and base64 are not read)")]
    [InlineData("{0}~AA~AQ~Ag~Aw~BA~BQ~Bg~Bw~CA~CQ~Cg~Cw~DA~DQ~Dg~Dw", "17 certificates, 16 at most")]
    public void What_is_wrong_with_the_certificates_is_told_with_the_place(string certs, string named)
    {
        var root = Forge.Root(_mesh.Gateway, Now);
        var headers = new TxnHeaders(
            root,
            Forge.Link(_mesh.Gateway, Now, root, TestMesh.OrdersId),
            certs.Replace("{0}", Forge.Certs(_mesh.Gateway), StringComparison.Ordinal));

        Named(
            _orders.Verifier.Verify(headers, _orders.Peer(_mesh.Gateway)), AuthzRejectionReason.CertificatesMalformed,
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

        var verdict = _orders.Verifier.Verify(headers, _orders.Peer(_mesh.Billing));
        Named(verdict, AuthzRejectionReason.SignerUntrusted, "Link 2 of 2: A signer's certificate is refused: x509.");
    }

    [Fact]
    public void What_is_too_large_is_told_in_numbers()
    {
        var headers = new TxnHeaders(new string('a', 4000), new string('b', 4000), "c~" + new string('d', 191));

        Named(
            _orders.Verifier.Verify(headers, _orders.Peer(_mesh.Gateway)),
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
            "Root: An object names a member twice: a name that is not printable ASCII.");
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
        _orders.Verifier.Verify(new TxnHeaders(root, link, Forge.Certs(_mesh.Gateway)), _orders.Peer(_mesh.Gateway));

    private Verdict<AuthzContext> Verify(string root, string first, string second) =>
        _orders.Verifier.Verify(
            new TxnHeaders(root, $"{first}~{second}", Forge.Certs(_mesh.Gateway, _mesh.Billing)), _orders.Peer(_mesh.Billing));
}

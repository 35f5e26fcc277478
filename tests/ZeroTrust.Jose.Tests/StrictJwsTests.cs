using System.Security.Cryptography;
using System.Text;

namespace ZeroTrust.Jose.Tests;

public sealed class StrictJwsTests
{
    private const string Payload = "e30";
    private const string Signature = "AAAA";

    [Fact]
    public void A_header_with_the_usual_members_is_accepted()
    {
        var jws = JoseAssert.Accepted(Parse("""{"alg":"ES256","typ":"at+jwt","kid":"k1","x5t#S256":"AA","cty":"x"}"""));

        Assert.Equal("ES256", jws.Header.Algorithm);
        Assert.Equal("at+jwt", jws.Header.Type);
        Assert.Equal("k1", jws.Header.KeyId);
        Assert.Equal("AA", jws.Header.X509Sha256);
        Assert.Equal(["alg", "typ", "kid", "x5t#S256", "cty"], jws.Header.Members);
        Assert.Equal("{}"u8.ToArray(), jws.UnverifiedPayload.ToArray());
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("a.b")]
    [InlineData(".b.c")]
    [InlineData("a.b.")]
    [InlineData("a.b.c.")]
    [InlineData("a.b.c.d")]
    [InlineData("a.b.c.d.e")]
    public void Anything_but_three_parts_is_refused(string compact) =>
        JoseAssert.Refused(JoseRejectionReason.PartCount, StrictJws.Parse(compact));

    [Fact]
    public void An_empty_payload_is_left_to_the_caller() =>
        JoseAssert.Accepted(StrictJws.Parse(Header("""{"alg":"ES256"}""") + ".." + Signature));

    [Theory]
    [InlineData("e30=", Signature)]
    [InlineData("e31", Signature)]
    [InlineData("e 30", Signature)]
    [InlineData(Payload, "AAAB=")]
    [InlineData(Payload, "AB")]
    [InlineData(Payload, "AAAA\n")]
    public void A_part_in_another_spelling_is_refused(string payload, string signature) =>
        JoseAssert.Refused(JoseRejectionReason.EncodingInvalid, StrictJws.Parse(Header("""{"alg":"ES256"}""") + "." + payload + "." + signature));

    [Fact]
    public void The_length_limits_are_exact()
    {
        var header = Header("""{"alg":"ES256"}""");
        var compact = header + "." + Payload + "." + Signature;

        JoseAssert.Accepted(StrictJws.Parse(compact, new JwsLimits { MaxLength = compact.Length, MaxHeaderLength = header.Length }));
        JoseAssert.Refused(JoseRejectionReason.TooLarge, StrictJws.Parse(compact, new JwsLimits { MaxLength = compact.Length - 1 }));
        JoseAssert.Refused(JoseRejectionReason.TooLarge, StrictJws.Parse(compact, new JwsLimits { MaxHeaderLength = header.Length - 1 }));
    }

    [Fact]
    public void A_header_that_is_no_object_is_refused() => JoseAssert.Refused(JoseRejectionReason.JsonInvalid, Parse("""["ES256"]"""));

    [Theory]
    [InlineData("""{"alg":"ES256","alg":"RS256"}""")]
    [InlineData("""{"alg":"ES256","alg":"ES256"}""")]
    [InlineData("""{"alg":"ES256","\u0061lg":"RS256"}""")]
    [InlineData("""{"alg":"ES256","x":{"y":1,"y":2}}""")]
    public void A_header_parameter_named_twice_is_refused(string header) => JoseAssert.Refused(JoseRejectionReason.DuplicateMember, Parse(header));

    [Theory]
    [InlineData("""{"typ":"JWT"}""")]
    [InlineData("""{"ALG":"ES256"}""")]
    public void A_header_without_algorithm_is_refused(string header) => JoseAssert.Refused(JoseRejectionReason.AlgorithmMissing, Parse(header));

    [Theory]
    [InlineData("none")]
    [InlineData("None")]
    [InlineData("HS256")]
    [InlineData("es256")]
    [InlineData("RS1")]
    [InlineData("ES256K")]
    [InlineData("EdDSA")]
    public void Unknown_symmetric_and_no_algorithms_are_refused(string algorithm) =>
        JoseAssert.Refused(JoseRejectionReason.AlgorithmRefused, Parse($$"""{"alg":"{{algorithm}}"}"""));

    [Theory]
    [InlineData("ES256")]
    [InlineData("ES384")]
    [InlineData("PS256")]
    [InlineData("RS256")]
    public void The_four_known_algorithms_are_accepted(string algorithm) => JoseAssert.Accepted(Parse($$"""{"alg":"{{algorithm}}"}"""));

    [Theory]
    [InlineData("""{"alg":"ES256","crit":["exp"],"exp":1}""")]
    [InlineData("""{"alg":"ES256","crit":[]}""")]
    [InlineData("""{"alg":"ES256","b64":false}""")]
    [InlineData("""{"alg":"ES256","b64":true}""")]
    [InlineData("""{"\u0063rit":["exp"],"alg":"ES256"}""")]
    public void A_critical_extension_is_refused(string header) => JoseAssert.Refused(JoseRejectionReason.CriticalExtension, Parse(header));

    [Theory]
    [InlineData("jwk")]
    [InlineData("jku")]
    [InlineData("x5u")]
    [InlineData("x5c")]
    public void A_key_brought_by_the_token_is_refused(string member) =>
        JoseAssert.Refused(JoseRejectionReason.EmbeddedKey, Parse($$"""{"alg":"ES256","{{member}}":"https://attacker.test"}"""));

    [Theory]
    [InlineData("""{"alg":1}""")]
    [InlineData("""{"alg":["ES256"]}""")]
    [InlineData("""{"alg":"ES256","typ":null}""")]
    [InlineData("""{"alg":"ES256","kid":""}""")]
    [InlineData("""{"alg":"ES256","kid":"a\nb"}""")]
    [InlineData("""{"alg":"ES256","kid":"\u0430"}""")]
    [InlineData("""{"alg":"ES256","x5t#S256":{}}""")]
    public void A_parameter_that_is_no_short_printable_string_is_refused(string header) =>
        JoseAssert.Refused(JoseRejectionReason.HeaderInvalid, Parse(header));

    [Theory]
    [InlineData("typ")]
    [InlineData("kid")]
    [InlineData("x5t#S256")]
    public void A_parameter_has_at_most_256_characters(string member)
    {
        JoseAssert.Accepted(Parse($$"""{"alg":"ES256","{{member}}":"{{new string('a', 256)}}"}"""));
        JoseAssert.Refused(JoseRejectionReason.HeaderInvalid, Parse($$"""{"alg":"ES256","{{member}}":"{{new string('a', 257)}}"}"""));
    }

    [Fact]
    public void Names_differ_by_case_and_by_ending()
    {
        var header = JoseAssert.Accepted(Parse("""{"alg":"ES256","CRIT":["exp"],"jwks":1,"x5t":"AA","Kid":"k"}""")).Header;

        Assert.Null(header.KeyId);
        Assert.Null(header.X509Sha256);
        Assert.False(header.HasExactly("alg"));
    }

    [Theory]
    [InlineData("at+jwt", true)]
    [InlineData("AT+JWT", true)]
    [InlineData("application/at+jwt", true)]
    [InlineData("Application/At+Jwt", true)]
    [InlineData("JWT", false)]
    [InlineData("at+jwt2", false)]
    [InlineData("text/at+jwt", false)]
    [InlineData("xpplication/at+jwt", false)]
    public void The_type_is_compared_as_a_media_type(string type, bool same)
    {
        var header = JoseAssert.Accepted(Parse($$"""{"alg":"ES256","typ":"{{type}}"}""")).Header;

        Assert.Equal(same, header.IsType("at+jwt"));
    }

    [Fact]
    public void A_missing_type_is_no_type() => Assert.False(JoseAssert.Accepted(Parse("""{"alg":"ES256"}""")).Header.IsType("at+jwt"));

    [Theory]
    [InlineData("""{"alg":"ES256","typ":"x"}""", true)]
    [InlineData("""{"typ":"x","alg":"ES256"}""", true)]
    [InlineData("""{"alg":"ES256"}""", false)]
    [InlineData("""{"alg":"ES256","typ":"x","kid":"k"}""", false)]
    [InlineData("""{"alg":"ES256","kid":"k"}""", false)]
    public void Exact_members_means_all_of_them_and_no_other(string header, bool exact) =>
        Assert.Equal(exact, JoseAssert.Accepted(Parse(header)).Header.HasExactly("alg", "typ"));

    [Fact]
    public void A_changed_bit_anywhere_is_refused()
    {
        using var ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var honest = JwsSigner.FromKey(ECDsa.Create(ec.ExportParameters(includePrivateParameters: true)), "k");
        using var other = JwsSigner.FromKey(ECDsa.Create(ECCurve.NamedCurves.nistP256), "k");
        var key = JoseAssert.Accepted(Keys.FromEc(ec, "P-256", "k"));
        var parts = honest.Sign("t", "{}"u8).Split('.');

        JoseAssert.Accepted(Verify($"{parts[0]}.{parts[1]}.{parts[2]}", key));
        JoseAssert.Refused(JoseRejectionReason.SignatureInvalid, Verify($"{parts[0]}.{CanonicalBase64Url.Encode("[]"u8)}.{parts[2]}", key));
        JoseAssert.Refused(JoseRejectionReason.SignatureInvalid, Verify($"{Header("""{"alg":"ES256"}""")}.{parts[1]}.{parts[2]}", key));
        JoseAssert.Refused(JoseRejectionReason.SignatureInvalid, Verify($"{parts[0]}.{parts[1]}.{parts[2][..^2]}", key));
        JoseAssert.Refused(JoseRejectionReason.SignatureInvalid, Verify(other.Sign("t", "{}"u8), key));
    }

    [Theory]
    [InlineData("ES256", 64)]
    [InlineData("ES384", 96)]
    [InlineData("PS256", 256)]
    [InlineData("RS256", 256)]
    public void A_signature_of_another_length_is_refused(string algorithm, int length)
    {
        using var ec = ECDsa.Create(algorithm == "ES384" ? ECCurve.NamedCurves.nistP384 : ECCurve.NamedCurves.nistP256);
        using var rsa = RSA.Create(2048);
        var elliptic = algorithm[0] == 'E';
        using var signer = elliptic
            ? JwsSigner.FromKey(ECDsa.Create(ec.ExportParameters(includePrivateParameters: true)), "k")
            : JwsSigner.FromKey(RSA.Create(rsa.ExportParameters(includePrivateParameters: true)), "k", algorithm);
        var key = JoseAssert.Accepted(elliptic
            ? Keys.FromEc(ec, algorithm == "ES384" ? "P-384" : "P-256", "k")
            : Keys.Jwk(Keys.Rsa(rsa, $",\"alg\":\"{algorithm}\"")));
        var compact = signer.Sign("t", "{}"u8);
        var input = compact[..compact.LastIndexOf('.')];
        Assert.True(CanonicalBase64Url.TryDecode(compact.AsSpan(input.Length + 1), out var signature));

        Assert.Equal(length, signature.Length);
        JoseAssert.Accepted(Verify(With(signature), key));
        JoseAssert.Refused(JoseRejectionReason.SignatureInvalid, Verify(With(signature[..^1]), key));
        JoseAssert.Refused(JoseRejectionReason.SignatureInvalid, Verify(With(signature[1..]), key));
        JoseAssert.Refused(JoseRejectionReason.SignatureInvalid, Verify(With([0, .. signature]), key));
        JoseAssert.Refused(JoseRejectionReason.SignatureInvalid, Verify(With([.. signature, 0]), key));
        JoseAssert.Refused(JoseRejectionReason.SignatureInvalid, Verify(With(new byte[length]), key));

        string With(byte[] bytes) => input + "." + CanonicalBase64Url.Encode(bytes);
    }

    private static Verdict<VerifiedJws> Verify(string compact, JwsKey key) => JoseAssert.Accepted(StrictJws.Parse(compact)).Verify(key);

    private static Verdict<ParsedJws> Parse(string header) => StrictJws.Parse(Header(header) + "." + Payload + "." + Signature);

    private static string Header(string json) => CanonicalBase64Url.Encode(Encoding.UTF8.GetBytes(json));
}

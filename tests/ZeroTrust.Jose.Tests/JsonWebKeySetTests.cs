using System.Security.Cryptography;
using System.Text;

namespace ZeroTrust.Jose.Tests;

public sealed class JsonWebKeySetTests
{
    [Fact]
    public void Usable_keys_are_kept_and_the_rest_is_named()
    {
        using var ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var weak = RSA.Create(1024);
        var set = JoseAssert.Accepted(Parse(
            Keys.Ec(ec, "P-256", ",\"kid\":\"a\""),
            Keys.Rsa(weak),
            Keys.Ec(ec, "P-256", ",\"kid\":\"b\",\"use\":\"enc\""),
            """{"kty":"OKP","crv":"Ed25519","x":"AA"}"""));

        Assert.Equal("a", Assert.Single(set.Keys).KeyId);
        Assert.All(set.Ignored, rejection => Assert.Matches("^Key [1-9] of [1-9]: ", rejection.Detail));
        Assert.Equal("jose.key_size_refused jose.key_use_refused jose.key_unsupported", string.Join(' ', set.Ignored.Select(rejection => rejection.Code)));
    }

    [Fact]
    public void A_key_is_found_by_id_and_algorithm()
    {
        using var ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var rsa = RSA.Create(2048);
        var set = JoseAssert.Accepted(Parse(Keys.Ec(ec, "P-256", ",\"kid\":\"a\""), Keys.Rsa(rsa, ",\"kid\":\"a\",\"alg\":\"PS256\""), Keys.Ec(ec, "P-256", ",\"kid\":\"b\"")));

        Assert.Equal("ES256", set.Find(Header("""{"alg":"ES256","kid":"a"}"""))?.Algorithm);
        Assert.Equal("PS256", set.Find(Header("""{"alg":"PS256","kid":"a"}"""))?.Algorithm);
        Assert.Equal("PS256", set.Find(Header("""{"alg":"PS256"}"""))?.Algorithm);
        Assert.Null(set.Find(Header("""{"alg":"RS256","kid":"a"}""")));
        Assert.Null(set.Find(Header("""{"alg":"ES256","kid":"c"}""")));
        Assert.Null(set.Find(Header("""{"alg":"ES256"}""")));
    }

    [Fact]
    public void Two_keys_with_one_id_and_algorithm_are_refused()
    {
        using var ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);

        JoseAssert.Refused(JoseRejectionReason.KeyIdDuplicated, Parse(Keys.Ec(ec, "P-256", ",\"kid\":\"a\""), Keys.Ec(other, "P-256", ",\"kid\":\"a\"")));
        JoseAssert.Accepted(Parse(Keys.Ec(ec, "P-256", ",\"kid\":\"a\""), Keys.Ec(other, "P-256", ",\"kid\":\"b\"")));
    }

    [Theory]
    [InlineData("""{}""")]
    [InlineData("""{"keys":{}}""")]
    [InlineData("""[]""")]
    public void A_document_without_an_array_of_keys_is_refused(string json) =>
        JoseAssert.Refused(JoseRejectionReason.JsonInvalid, JsonWebKeySet.Parse(Encoding.UTF8.GetBytes(json)));

    [Fact]
    public void A_member_named_twice_is_refused() =>
        JoseAssert.Refused(JoseRejectionReason.DuplicateMember, Parse("""{"kty":"EC","kty":"RSA"}"""));

    [Fact]
    public void A_key_that_is_no_object_is_refused() => JoseAssert.Refused(JoseRejectionReason.KeyInvalid, Parse("\"key\""));

    [Fact]
    public void The_limits_are_exact()
    {
        var unknown = Enumerable.Repeat("""{"kty":"x"}""", JsonWebKeySet.MaxKeys).ToArray();
        var longest = """{"keys":[]}""".PadRight(JsonWebKeySet.MaxBytes);

        JoseAssert.Accepted(Parse(unknown));
        JoseAssert.Refused(JoseRejectionReason.TooLarge, Parse([.. unknown, """{"kty":"x"}"""]));
        JoseAssert.Accepted(JsonWebKeySet.Parse(Encoding.UTF8.GetBytes(longest)));
        JoseAssert.Refused(JoseRejectionReason.TooLarge, JsonWebKeySet.Parse(Encoding.UTF8.GetBytes(longest + " ")));
    }

    private static Verdict<JsonWebKeySet> Parse(params string[] keys) =>
        JsonWebKeySet.Parse(Encoding.UTF8.GetBytes($$"""{"keys":[{{string.Join(',', keys)}}]}"""));

    private static JwsHeader Header(string json) =>
        JoseAssert.Accepted(StrictJws.Parse(CanonicalBase64Url.Encode(Encoding.UTF8.GetBytes(json)) + ".e30.AAAA")).Header;
}

using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ZeroTrust.Jose.Tests;

public sealed class JwsKeyTests
{
    private static readonly DateTimeOffset Epoch = DateTimeOffset.UnixEpoch;

    [Theory]
    [InlineData("P-256", "ES256")]
    [InlineData("P-384", "ES384")]
    public void The_curve_fixes_the_algorithm(string curve, string algorithm)
    {
        using var ec = ECDsa.Create(ECCurve.CreateFromFriendlyName(curve.Replace("P-", "nistP", StringComparison.Ordinal)));
        using var signer = JwsSigner.FromKey(ECDsa.Create(ec.ExportParameters(includePrivateParameters: true)), "k");
        var key = JoseAssert.Accepted(Keys.Jwk(Keys.Ec(ec, curve)));

        Assert.Equal(algorithm, key.Algorithm);
        var verified = JoseAssert.Accepted(JoseAssert.Accepted(StrictJws.Parse(signer.Sign("t", "{}"u8))).Verify(key));
        Assert.Equal("{}"u8.ToArray(), verified.Payload.ToArray());
        Assert.Equal("t", verified.Header.Type);
    }

    [Theory]
    [InlineData("PS256")]
    [InlineData("RS256")]
    public void An_rsa_key_states_its_algorithm_and_refuses_the_other(string algorithm)
    {
        using var rsa = RSA.Create(2048);
        using var signer = JwsSigner.FromKey(RSA.Create(rsa.ExportParameters(includePrivateParameters: true)), "k", algorithm);
        var jws = JoseAssert.Accepted(StrictJws.Parse(signer.Sign("t", "{}"u8)));
        var other = algorithm == "PS256" ? "RS256" : "PS256";

        JoseAssert.Accepted(jws.Verify(JoseAssert.Accepted(Keys.Jwk(Keys.Rsa(rsa, $",\"alg\":\"{algorithm}\"")))));
        JoseAssert.Refused(JoseRejectionReason.AlgorithmMismatch, jws.Verify(JoseAssert.Accepted(Keys.Jwk(Keys.Rsa(rsa, $",\"alg\":\"{other}\"")))));
    }

    [Fact]
    public void A_pss_salt_of_another_length_is_refused()
    {
        using var rsa = RSA.Create(2048);
        var key = JoseAssert.Accepted(Keys.Jwk(Keys.Rsa(rsa, ",\"alg\":\"PS256\"")));
        var input = CanonicalBase64Url.Encode("""{"alg":"PS256"}"""u8) + ".e30";

        JoseAssert.Accepted(Sign(32).Verify(key));
        JoseAssert.Refused(JoseRejectionReason.SignatureInvalid, Sign(31).Verify(key));
        JoseAssert.Refused(JoseRejectionReason.SignatureInvalid, Sign(20).Verify(key));
        JoseAssert.Refused(JoseRejectionReason.SignatureInvalid, Sign(0).Verify(key));

        ParsedJws Sign(int saltLength) => JoseAssert.Accepted(StrictJws.Parse(
            input + "." + CanonicalBase64Url.Encode(Pss.Sign(rsa, System.Text.Encoding.ASCII.GetBytes(input), saltLength))));
    }

    [Fact]
    public void An_ecdsa_signature_in_der_is_refused()
    {
        using var ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var key = JoseAssert.Accepted(Keys.Jwk(Keys.Ec(ec, "P-256")));
        var input = CanonicalBase64Url.Encode("""{"alg":"ES256"}"""u8) + ".e30";

        JoseAssert.Accepted(Sign(DSASignatureFormat.IeeeP1363FixedFieldConcatenation).Verify(key));
        JoseAssert.Refused(JoseRejectionReason.SignatureInvalid, Sign(DSASignatureFormat.Rfc3279DerSequence).Verify(key));

        ParsedJws Sign(DSASignatureFormat format) => JoseAssert.Accepted(StrictJws.Parse(
            input + "." + CanonicalBase64Url.Encode(ec.SignData(System.Text.Encoding.ASCII.GetBytes(input), HashAlgorithmName.SHA256, format))));
    }

    [Fact]
    public void The_key_id_has_to_match_where_both_state_one()
    {
        using var ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var signer = JwsSigner.FromKey(ECDsa.Create(ec.ExportParameters(includePrivateParameters: true)), "mine");
        var jws = JoseAssert.Accepted(StrictJws.Parse(signer.Sign("t", "{}"u8)));

        JoseAssert.Accepted(jws.Verify(JoseAssert.Accepted(Keys.FromEc(ec, "P-256", "mine"))));
        JoseAssert.Accepted(jws.Verify(JoseAssert.Accepted(Keys.Jwk(Keys.Ec(ec, "P-256")))));
        JoseAssert.Refused(JoseRejectionReason.KeyIdMismatch, jws.Verify(JoseAssert.Accepted(Keys.FromEc(ec, "P-256", "other"))));
    }

    [Fact]
    public void An_rsa_key_needs_2048_bits()
    {
        using var strong = RSA.Create(2048);
        using var weak = RSA.Create(1024);

        JoseAssert.Accepted(Keys.Jwk(Keys.Rsa(strong)));
        JoseAssert.Refused(JoseRejectionReason.KeySizeRefused, Keys.Jwk(Keys.Rsa(weak)));
    }

    [Fact]
    public void An_rsa_key_has_at_most_8192_bits()
    {
        JoseAssert.Accepted(Keys.Jwk(Modulus(1024)));
        JoseAssert.Refused(JoseRejectionReason.KeySizeRefused, Keys.Jwk(Modulus(1025)));
    }

    [Fact]
    public void A_modulus_or_exponent_with_a_leading_zero_is_refused()
    {
        using var rsa = RSA.Create(2048);
        var jwk = Keys.Rsa(rsa);
        var modulus = rsa.ExportParameters(includePrivateParameters: false).Modulus!;

        JoseAssert.Accepted(Keys.Jwk(jwk));
        JoseAssert.Refused(JoseRejectionReason.KeyInvalid, Keys.Jwk(jwk.Replace(CanonicalBase64Url.Encode(modulus), CanonicalBase64Url.Encode([0, .. modulus]), StringComparison.Ordinal)));
        JoseAssert.Refused(JoseRejectionReason.KeyInvalid, Keys.Jwk(jwk.Replace("\"AQAB\"", "\"AAEAAQ\"", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("AQ")]
    [InlineData("AQAA")]
    [InlineData("AQAAAAAAAAAB")]
    public void An_rsa_exponent_that_is_one_even_or_huge_is_refused(string exponent)
    {
        using var rsa = RSA.Create(2048);
        JoseAssert.Refused(JoseRejectionReason.KeySizeRefused, Keys.Jwk(Keys.Rsa(rsa).Replace("\"AQAB\"", $"\"{exponent}\"", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(",\"use\":\"sig\"", true)]
    [InlineData(",\"key_ops\":[\"verify\"]", true)]
    [InlineData(",\"key_ops\":[\"sign\",\"verify\"]", true)]
    [InlineData(",\"use\":\"enc\"", false)]
    [InlineData(",\"key_ops\":[\"encrypt\"]", false)]
    [InlineData(",\"key_ops\":[]", false)]
    [InlineData(",\"key_ops\":\"verify\"", false)]
    [InlineData(",\"use\":\"sig\",\"key_ops\":[\"wrapKey\"]", false)]
    public void Use_and_key_ops_have_to_allow_verifying(string extra, bool allowed)
    {
        using var ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var verdict = Keys.Jwk(Keys.Ec(ec, "P-256", extra));

        if (allowed)
        {
            JoseAssert.Accepted(verdict);
        }
        else
        {
            JoseAssert.Refused(JoseRejectionReason.KeyUseRefused, verdict);
        }
    }

    [Fact]
    public void A_stated_algorithm_has_to_be_the_one_of_the_key()
    {
        using var ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var rsa = RSA.Create(2048);

        JoseAssert.Accepted(Keys.Jwk(Keys.Ec(ec, "P-256", ",\"alg\":\"ES256\"")));
        JoseAssert.Refused(JoseRejectionReason.KeyUnsupported, Keys.Jwk(Keys.Ec(ec, "P-256", ",\"alg\":\"ES384\"")));
        JoseAssert.Refused(JoseRejectionReason.KeyUnsupported, Keys.Jwk(Keys.Ec(ec, "P-256", ",\"alg\":\"ECDH-ES\"")));
        JoseAssert.Refused(JoseRejectionReason.KeyUnsupported, Keys.Jwk(Keys.Rsa(rsa, ",\"alg\":\"RSA-OAEP\"")));
        JoseAssert.Refused(JoseRejectionReason.KeyUnsupported, Keys.Jwk(Keys.Rsa(rsa, ",\"alg\":\"ES256\"")));
        JoseAssert.Refused(JoseRejectionReason.KeyUnsupported, Keys.Jwk("""{"kty":"OKP","crv":"Ed25519","x":"AA"}"""));
    }

    [Theory]
    [InlineData("P-521")]
    [InlineData("secp256k1")]
    [InlineData("P-384")]
    [InlineData("p-256")]
    public void A_curve_of_another_name_is_refused(string curve)
    {
        using var ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var jwk = Keys.Ec(ec, "P-256");

        JoseAssert.Accepted(Keys.Jwk(jwk));
        Assert.False(Keys.Jwk(jwk.Replace("P-256", curve, StringComparison.Ordinal)).IsAccepted);
    }

    [Theory]
    [InlineData(",\"kid\":1")]
    [InlineData(",\"kid\":\"\"")]
    [InlineData(",\"alg\":null")]
    [InlineData(",\"use\":[\"sig\"]")]
    public void A_parameter_that_is_no_string_is_refused(string extra)
    {
        using var ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);

        JoseAssert.Refused(JoseRejectionReason.KeyInvalid, Keys.Jwk(Keys.Ec(ec, "P-256", extra)));
    }

    [Fact]
    public void Private_and_symmetric_material_is_refused()
    {
        using var ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);

        Assert.All(["d", "p", "q", "dp", "dq", "qi", "oth", "k"], member =>
            JoseAssert.Refused(JoseRejectionReason.PrivateKeyPublished, Keys.Jwk(Keys.Ec(ec, "P-256", $",\"{member}\":\"AA\""))));
        JoseAssert.Accepted(Keys.Jwk(Keys.Ec(ec, "P-256", ",\"D\":\"AA\"")));
        JoseAssert.Refused(JoseRejectionReason.PrivateKeyPublished, Keys.Jwk("""{"kty":"oct","k":"AAAA"}"""));
    }

    [Fact]
    public void A_point_off_its_curve_or_a_short_coordinate_is_refused()
    {
        using var ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var y = CanonicalBase64Url.Encode(ec.ExportParameters(includePrivateParameters: false).Q.Y);

        JoseAssert.Refused(JoseRejectionReason.KeyInvalid, Keys.Jwk(Keys.Ec(ec, "P-256").Replace(y, CanonicalBase64Url.Encode(new byte[32]), StringComparison.Ordinal)));
        JoseAssert.Refused(JoseRejectionReason.KeyInvalid, Keys.Jwk(Keys.Ec(ec, "P-256").Replace(y, CanonicalBase64Url.Encode(new byte[31]), StringComparison.Ordinal)));
        JoseAssert.Refused(JoseRejectionReason.KeyInvalid, Keys.Jwk(Keys.Ec(ec, "P-256").Replace(y, CanonicalBase64Url.Encode([0, .. ec.ExportParameters(includePrivateParameters: false).Q.Y!]), StringComparison.Ordinal)));
        JoseAssert.Refused(JoseRejectionReason.KeyInvalid, Keys.Jwk(Keys.Ec(ec, "P-256").Replace("\"y\"", "\"z\"", StringComparison.Ordinal)));
        JoseAssert.Refused(JoseRejectionReason.KeyInvalid, Keys.Jwk("""{"crv":"P-256"}"""));
    }

    [Fact]
    public void Coordinates_with_a_zero_in_front_of_each_are_refused()
    {
        using var ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var point = ec.ExportParameters(includePrivateParameters: false).Q;

        JoseAssert.Accepted(Keys.Jwk(Jwk(point.X!, point.Y!)));
        JoseAssert.Refused(JoseRejectionReason.KeyInvalid, Keys.Jwk(Jwk([0, .. point.X!], [0, .. point.Y!])));

        static string Jwk(byte[] x, byte[] y) => $$"""{"kty":"EC","crv":"P-256","x":"{{CanonicalBase64Url.Encode(x)}}","y":"{{CanonicalBase64Url.Encode(y)}}"}""";
    }

    [Fact]
    public void A_certificate_fixes_the_algorithm_by_its_key()
    {
        using var ec = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        using var ecCertificate = new CertificateRequest("CN=a", ec, HashAlgorithmName.SHA384).CreateSelfSigned(Epoch, Epoch.AddDays(1));
        using var rsa = RSA.Create(2048);
        using var rsaCertificate = new CertificateRequest("CN=a", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSelfSigned(Epoch, Epoch.AddDays(1));
        using var unknown = ECDsa.Create(ECCurve.NamedCurves.nistP521);
        using var unknownCertificate = new CertificateRequest("CN=a", unknown, HashAlgorithmName.SHA512).CreateSelfSigned(Epoch, Epoch.AddDays(1));

        Assert.Equal("ES384", JoseAssert.Accepted(JwsKey.FromCertificate(ecCertificate)).Algorithm);
        Assert.Equal("PS256", JoseAssert.Accepted(JwsKey.FromCertificate(rsaCertificate)).Algorithm);
        JoseAssert.Refused(JoseRejectionReason.KeyUnsupported, JwsKey.FromCertificate(unknownCertificate));
    }

    [Fact]
    public void One_key_verifies_concurrently()
    {
        using var ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var signer = JwsSigner.FromKey(ECDsa.Create(ec.ExportParameters(includePrivateParameters: true)), "k");
        var key = JoseAssert.Accepted(Keys.Jwk(Keys.Ec(ec, "P-256")));
        var jws = JoseAssert.Accepted(StrictJws.Parse(signer.Sign("t", "{}"u8)));
        var refused = 0;

        Parallel.For(0, 400, _ => Interlocked.Add(ref refused, jws.Verify(key).IsAccepted ? 0 : 1));

        Assert.Equal(0, refused);
    }

    private static string Modulus(int bytes)
    {
        var modulus = new byte[bytes];
        modulus[0] = bytes > 1024 ? (byte)1 : (byte)0x80;
        modulus[^1] = 1;
        return $$"""{"kty":"RSA","n":"{{CanonicalBase64Url.Encode(modulus)}}","e":"AQAB"}""";
    }
}

using System.Security.Cryptography;
using ZeroTrust.X509.Tests.Support;

namespace ZeroTrust.X509.Tests;

public sealed class SignatureAlgorithmsTests
{
    private const string RsaPss = "1.2.840.113549.1.1.10";

    public static TheoryData<string> Hashes => ["SHA256", "SHA384", "SHA512"];

    [Theory]
    [MemberData(nameof(Hashes))]
    public void RSA_signs_with_SHA_2(string hash) => SignedBy(ForgeKey.Rsa(new HashAlgorithmName(hash))).ShouldPass();

    [Theory]
    [MemberData(nameof(Hashes))]
    public void ECDSA_signs_with_SHA_2(string hash) => SignedBy(ForgeKey.P256(new HashAlgorithmName(hash))).ShouldPass();

    [Fact]
    public void The_larger_curves_sign()
    {
        SignedBy(ForgeKey.P384()).ShouldPass();
        SignedBy(ForgeKey.P521()).ShouldPass();
    }

    [Theory]
    [InlineData("MD5")]
    [InlineData("SHA1")]
    public void RSA_with_an_old_hash_is_refused(string hash) => SignedBy(ForgeKey.Rsa(new HashAlgorithmName(hash))).ShouldRefuse(X509RejectionReason.SignatureAlgorithmRefused);

    [Fact]
    public void ECDSA_with_SHA_1_is_refused() => SignedBy(ForgeKey.P256(HashAlgorithmName.SHA1)).ShouldRefuse(X509RejectionReason.SignatureAlgorithmRefused);

    [Theory]
    [InlineData("1.2.840.10040.4.3")]
    [InlineData("2.16.840.1.101.3.4.3.2")]
    [InlineData("1.3.101.112")]
    [InlineData("1.2.840.113549.1.1.1")]
    public void DSA_and_unknown_algorithms_are_refused(string oid) =>
        SignedBy(ForgeKey.P256() with { Algorithm = ForgeKey.AlgorithmOf(oid) }).ShouldRefuse(X509RejectionReason.SignatureAlgorithmRefused);

    [Fact]
    public void What_an_anchor_is_signed_with_does_not_matter()
    {
        var root = CertificateForge.Ca("Root").Key(ForgeKey.P256(HashAlgorithmName.SHA1)).SelfSigned();
        var ca = CertificateForge.Ca("CA").IssuedBy(root);
        var leaf = CertificateForge.Leaf().IssuedBy(ca);

        new Trial(leaf, [ca], root).ShouldRefuse(X509RejectionReason.SignatureAlgorithmRefused);
        new Trial(leaf, [], ca).ShouldPass();
    }

    [Fact]
    public void RSA_may_leave_its_parameters_out()
    {
        var key = ForgeKey.Rsa(HashAlgorithmName.SHA256);

        SignedBy(key with { Algorithm = ForgeKey.AlgorithmOf(ForgeKey.Sha256WithRsa) }).ShouldPass();
        CertificateForge.Leaf().IssuedBy(Ca(key with { Algorithm = ForgeKey.AlgorithmOf(ForgeKey.Sha256WithRsa, [0x05, 0x01, 0x00]) })).ShouldBeMalformed();
        CertificateForge.Leaf().IssuedBy(Ca(key with { Algorithm = ForgeKey.AlgorithmOf(ForgeKey.Sha256WithRsa, Der.Sequence()) })).ShouldBeMalformed();
    }

    [Fact]
    public void ECDSA_has_no_parameters() =>
        CertificateForge.Leaf().IssuedBy(Ca(ForgeKey.P256() with { Algorithm = ForgeKey.AlgorithmOf(ForgeKey.EcdsaWithSha256, Der.Null) })).ShouldBeMalformed();

    [Fact]
    public void PSS_is_taken_with_one_hash_and_a_salt_of_its_length() => SignedBy(ForgeKey.RsaPss()).ShouldPass();

    /// <summary>The salt of 222 octets is what openssl makes with a key of 2048 bits where nothing is said.</summary>
    [Theory]
    [InlineData(ForgeKey.Sha256, ForgeKey.Sha384, 32, "the mask generation uses SHA-384 where the hash is SHA-256")]
    [InlineData(ForgeKey.Sha384, ForgeKey.Sha256, 48, "the mask generation uses SHA-256 where the hash is SHA-384")]
    [InlineData(ForgeKey.Sha256, ForgeKey.Sha1, 32, "the mask generation uses SHA-1 (1.3.14.3.2.26) where the hash is SHA-256")]
    [InlineData(ForgeKey.Sha256, ForgeKey.Sha256, 222, "the salt has 222 octets where the hash has 32")]
    [InlineData(ForgeKey.Sha256, ForgeKey.Sha256, 20, "the salt has 20 octets where the hash has 32")]
    [InlineData(ForgeKey.Sha256, ForgeKey.Sha256, 0, "the salt has 0 octets where the hash has 32")]
    [InlineData(ForgeKey.Sha256, ForgeKey.Sha256, 33, "the salt has 33 octets where the hash has 32")]
    public void PSS_with_a_strong_hash_is_refused_for_the_parameter_that_is_wrong(string hash, string mask, int salt, string flaw)
    {
        var rejection = SignedBy(ForgeKey.RsaPss(hash, mask, salt)).ShouldRefuse(X509RejectionReason.SignatureParametersRefused);

        Assert.Contains("-sigopt rsa_pss_saltlen:digest", rejection.Detail, StringComparison.Ordinal);

        Assert.Contains(flaw, rejection.Detail, StringComparison.Ordinal);
        Assert.Contains("RFC 4055 section 3.1", rejection.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ForgeKey.Sha1, ForgeKey.Sha1, 20)]
    [InlineData(ForgeKey.Sha1, ForgeKey.Sha1, 0)]
    [InlineData(ForgeKey.Sha1, ForgeKey.Sha256, 32)]
    public void PSS_with_a_weak_hash_is_refused_for_the_hash(string hash, string mask, int salt) => Assert.Contains(
        "the hash is SHA-1",
        SignedBy(ForgeKey.RsaPss(hash, mask, salt)).ShouldRefuse(X509RejectionReason.SignatureAlgorithmRefused).Detail,
        StringComparison.Ordinal);

    [Fact]
    public void PSS_parameters_that_are_left_out_mean_SHA_1_and_20_octets_and_are_refused()
    {
        var hash = Der.Tlv(0xA0, ForgeKey.AlgorithmOf(ForgeKey.Sha256, Der.Null));
        var mask = Der.Tlv(0xA1, ForgeKey.AlgorithmOf("1.2.840.113549.1.1.8", ForgeKey.AlgorithmOf(ForgeKey.Sha256, Der.Null)));

        Refuse(X509RejectionReason.SignatureAlgorithmRefused, "the hash is left out", []);
        Refuse(X509RejectionReason.SignatureAlgorithmRefused, "the hash is left out", Der.Sequence());
        Refuse(X509RejectionReason.SignatureAlgorithmRefused, "the hash is left out", Der.Null);
        Refuse(X509RejectionReason.SignatureParametersRefused, "the mask generation is left out", Der.Sequence(hash));
        Refuse(X509RejectionReason.SignatureParametersRefused, "the salt length is left out", Der.Sequence(hash, mask));
        Refuse(X509RejectionReason.SignatureParametersRefused, "the trailer field", Der.Sequence(hash, mask, Der.Tlv(0xA2, Der.Integer(32)), Der.Tlv(0xA3, Der.Integer(2))));

        static void Refuse(X509RejectionReason reason, string flaw, byte[] parameters) => Assert.Contains(
            flaw,
            SignedBy(ForgeKey.RsaPss() with { Algorithm = ForgeKey.AlgorithmOf(RsaPss, parameters) }).ShouldRefuse(reason).Detail,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1.2.840.113549.1.1.5", "SHA-1 with RSA")]
    [InlineData("1.3.101.112", "Ed25519")]
    [InlineData("1.2.840.10040.4.3", "DSA with SHA-1")]
    [InlineData("1.2.3.4", "1.2.3.4")]
    public void A_refused_algorithm_is_named(string oid, string name) => Assert.Contains(
        $"signed by {name}",
        SignedBy(ForgeKey.P256() with { Algorithm = ForgeKey.AlgorithmOf(oid) }).ShouldRefuse(X509RejectionReason.SignatureAlgorithmRefused).Detail,
        StringComparison.Ordinal);

    [Fact]
    public void A_signature_of_another_kind_than_the_key_is_told_so()
    {
        var ecdsa = ForgeKey.P256();
        var rejection = SignedBy(ecdsa with { Algorithm = ForgeKey.Rsa(HashAlgorithmName.SHA256).Algorithm }).ShouldRefuse(X509RejectionReason.SignatureInvalid);

        Assert.Contains("of another kind than the key", rejection.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void PSS_that_says_SHA_384_over_a_SHA_256_signature_does_not_verify() =>
        SignedBy(ForgeKey.RsaPss(ForgeKey.Sha384, ForgeKey.Sha384, 48)).ShouldRefuse(X509RejectionReason.SignatureInvalid);

    [Fact]
    public void An_algorithm_of_another_kind_of_key_does_not_verify()
    {
        var ecdsa = ForgeKey.P256();
        var rsa = ForgeKey.Rsa(HashAlgorithmName.SHA256);

        SignedBy(ecdsa with { Algorithm = rsa.Algorithm }).ShouldRefuse(X509RejectionReason.SignatureInvalid);
        SignedBy(rsa with { Algorithm = ecdsa.Algorithm }).ShouldRefuse(X509RejectionReason.SignatureInvalid);
        SignedBy(rsa with { Algorithm = ForgeKey.RsaPss().Algorithm }).ShouldRefuse(X509RejectionReason.SignatureInvalid);
    }

    [Fact]
    public void A_signature_of_nothing_or_zeros_does_not_verify()
    {
        SignedBy(ForgeKey.P256() with { Sign = _ => [] }).ShouldRefuse(X509RejectionReason.SignatureInvalid);
        SignedBy(ForgeKey.P256() with { Sign = _ => Der.Sequence(Der.Integer(0), Der.Integer(0)) }).ShouldRefuse(X509RejectionReason.SignatureInvalid);
        SignedBy(ForgeKey.Rsa(HashAlgorithmName.SHA256) with { Sign = _ => new byte[256] }).ShouldRefuse(X509RejectionReason.SignatureInvalid);
    }

    [Fact]
    public void A_signature_by_another_key_does_not_verify()
    {
        SignedBy(ForgeKey.P256() with { Sign = ForgeKey.P256().Sign }).ShouldRefuse(X509RejectionReason.SignatureInvalid);
        Trial.Of(root: root => root.Key(ForgeKey.P256() with { Sign = ForgeKey.P256().Sign })).ShouldRefuse(X509RejectionReason.SignatureInvalid);
    }

    private static ForgedCertificate Ca(ForgeKey key) => CertificateForge.Ca("CA").Key(key).SelfSigned();

    private static Trial SignedBy(ForgeKey key) => Trial.Of(ca: ca => ca.Key(key));
}

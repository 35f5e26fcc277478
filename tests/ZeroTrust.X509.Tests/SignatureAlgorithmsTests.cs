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

    [Theory]
    [InlineData(ForgeKey.Sha256, ForgeKey.Sha384, 32)]
    [InlineData(ForgeKey.Sha384, ForgeKey.Sha256, 48)]
    [InlineData(ForgeKey.Sha256, ForgeKey.Sha256, 20)]
    [InlineData(ForgeKey.Sha256, ForgeKey.Sha256, 0)]
    [InlineData(ForgeKey.Sha256, ForgeKey.Sha256, 33)]
    [InlineData(ForgeKey.Sha1, ForgeKey.Sha1, 20)]
    [InlineData(ForgeKey.Sha1, ForgeKey.Sha1, 0)]
    public void PSS_with_hashes_or_a_salt_that_do_not_match_is_refused(string hash, string mask, int salt) =>
        SignedBy(ForgeKey.RsaPss(hash, mask, salt)).ShouldRefuse(X509RejectionReason.SignatureAlgorithmRefused);

    [Fact]
    public void PSS_parameters_that_are_left_out_mean_SHA_1_and_are_refused()
    {
        Refuse([]);
        Refuse(Der.Sequence());
        Refuse(Der.Sequence(Der.Tlv(0xA0, ForgeKey.AlgorithmOf(ForgeKey.Sha256, Der.Null))));
        Refuse(Der.Null);

        static void Refuse(byte[] parameters) =>
            SignedBy(ForgeKey.RsaPss() with { Algorithm = ForgeKey.AlgorithmOf(RsaPss, parameters) }).ShouldRefuse(X509RejectionReason.SignatureAlgorithmRefused);
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

using System.Numerics;
using System.Security.Cryptography;
using ZeroTrust.X509.Tests.Support;

namespace ZeroTrust.X509.Tests;

public sealed class PublicKeyInfoTests
{
    private const string P256 = "1.2.840.10045.3.1.7";
    private const int Usual = 65537;

    [Theory]
    [InlineData(1024, false)]
    [InlineData(2040, false)]
    [InlineData(2047, false)]
    [InlineData(2048, true)]
    [InlineData(2049, false)]
    [InlineData(2056, true)]
    [InlineData(8192, true)]
    [InlineData(8200, false)]
    [InlineData(16384, false)]
    public void RSA_keys_are_of_2048_to_8192_bits_in_whole_octets(int bits, bool isTaken) => Judge(ForgeKey.RsaInfo(ModulusOf(bits), Usual), isTaken);

    [Theory]
    [InlineData("-3", false)]
    [InlineData("0", false)]
    [InlineData("1", false)]
    [InlineData("2", false)]
    [InlineData("3", true)]
    [InlineData("65536", false)]
    [InlineData("65537", true)]
    [InlineData("8589934591", true)]
    [InlineData("8589934593", false)]
    [InlineData("340282366920938463463374607431768211457", false)]
    public void RSA_exponents_are_odd_and_small_but_not_one(string exponent, bool isTaken) =>
        Judge(ForgeKey.RsaInfo(ModulusOf(2048), BigInteger.Parse(exponent)), isTaken);

    [Fact]
    public void An_even_RSA_modulus_is_refused() => Judge(ForgeKey.RsaInfo(ModulusOf(2048) + 1, Usual), isTaken: false);

    [Fact]
    public void A_negative_RSA_modulus_is_refused() => Judge(ForgeKey.RsaInfo(-ModulusOf(2048), Usual), isTaken: false);

    [Fact]
    public void The_parameters_of_an_RSA_key_are_NULL()
    {
        Judge(ForgeKey.RsaInfo(ModulusOf(2048), Usual, parameters: []), isTaken: false);
        Judge(ForgeKey.RsaInfo(ModulusOf(2048), Usual, parameters: Der.OctetString([])), isTaken: false);
        Judge(ForgeKey.RsaInfo(ModulusOf(2048), Usual, Der.Null), isTaken: true);
    }

    [Fact]
    public void RSA_keys_that_are_not_two_numbers_are_malformed()
    {
        CertificateForge.Leaf().KeyInfo(ForgeKey.Info("1.2.840.113549.1.1.1", Der.Null, Der.Sequence(Der.Integer(ModulusOf(2048))))).SelfSigned().ShouldBeMalformed();
        CertificateForge.Leaf()
            .KeyInfo(ForgeKey.Info("1.2.840.113549.1.1.1", Der.Null, Der.Sequence(Der.Integer(ModulusOf(2048)), Der.Integer(3), Der.Integer(3))))
            .SelfSigned().ShouldBeMalformed();
    }

    [Fact]
    public void The_three_curves_are_taken()
    {
        Trial.Of(leaf: leaf => leaf.Key(ForgeKey.P256())).ShouldPass();
        Trial.Of(leaf: leaf => leaf.Key(ForgeKey.P384())).ShouldPass();
        Trial.Of(leaf: leaf => leaf.Key(ForgeKey.P521())).ShouldPass();
    }

    [Theory]
    [InlineData("1.2.840.10045.3.1.1", 24)]
    [InlineData("1.3.132.0.33", 28)]
    [InlineData("1.3.132.0.10", 32)]
    [InlineData("1.3.36.3.3.2.8.1.1.7", 32)]
    public void Other_curves_are_refused(string curve, int coordinate) => Judge(ForgeKey.EcInfo(Der.Oid(curve), [4, .. new byte[2 * coordinate]]), isTaken: false);

    /// <summary>CVE-2020-0601: parameters of the attacker's own, under which a known key has a private key that he knows.</summary>
    [Fact]
    public void A_curve_spelled_out_is_refused_where_the_same_curve_by_name_is_not()
    {
        var key = ForgeKey.P256();
        var point = key.PublicKeyInfo[^65..];

        Judge(ForgeKey.EcInfo(ExplicitP256(), point), isTaken: false);
        Judge(ForgeKey.EcInfo(Der.Oid(P256), point), isTaken: true);
    }

    [Fact]
    public void A_CA_with_a_curve_spelled_out_is_refused()
    {
        var key = ForgeKey.P256();

        Trial.Of(ca: ca => ca.Key(key with { PublicKeyInfo = ForgeKey.EcInfo(ExplicitP256(), key.PublicKeyInfo[^65..]) })).ShouldRefuse(X509RejectionReason.KeyRefused);
        Trial.Of(ca: ca => ca.Key(key)).ShouldPass();
    }

    [Fact]
    public void A_curve_that_is_inherited_or_missing_is_refused()
    {
        Judge(ForgeKey.EcInfo(Der.Null, ForgeKey.P256().PublicKeyInfo[^65..]), isTaken: false);
        Judge(ForgeKey.EcInfo([], ForgeKey.P256().PublicKeyInfo[^65..]), isTaken: false);
    }

    [Fact]
    public void Points_are_uncompressed_and_as_long_as_the_curve()
    {
        var point = ForgeKey.P256().PublicKeyInfo[^65..];

        Judge(ForgeKey.EcInfo(Der.Oid(P256), [2, .. point[1..33]]), isTaken: false);
        Judge(ForgeKey.EcInfo(Der.Oid(P256), [6, .. point[1..]]), isTaken: false);
        Judge(ForgeKey.EcInfo(Der.Oid(P256), [0]), isTaken: false);
        Judge(ForgeKey.EcInfo(Der.Oid(P256), point[..64]), isTaken: false);
        Judge(ForgeKey.EcInfo(Der.Oid(P256), point), isTaken: true);
    }

    [Fact]
    public void An_issuers_point_off_the_curve_verifies_nothing() => Trial
        .Of(ca: ca => ca.KeyInfo(ForgeKey.EcInfo(Der.Oid(P256), [4, .. new byte[64]]))).ShouldRefuse(X509RejectionReason.SignatureInvalid);

    [Theory]
    [InlineData("1.2.840.10040.4.1")]
    [InlineData("1.2.840.113549.1.1.10")]
    [InlineData("1.3.101.112")]
    [InlineData("1.3.132.1.12")]
    [InlineData("1.2.840.113549.1.3.1")]
    public void DSA_and_other_kinds_of_keys_are_refused(string algorithm) => Judge(ForgeKey.Info(algorithm, [], ForgeKey.P256().PublicKeyInfo[^65..]), isTaken: false);

    [Fact]
    public void A_weak_key_is_refused_at_the_CA_and_at_the_anchor()
    {
        var weak = ForgeKey.RsaInfo(ModulusOf(1024), Usual);

        Trial.Of(ca: ca => ca.KeyInfo(weak)).ShouldRefuse(X509RejectionReason.KeyRefused);
        Trial.Of(root: root => root.KeyInfo(weak)).ShouldRefuse(X509RejectionReason.KeyRefused);
    }

    private static void Judge(byte[] publicKeyInfo, bool isTaken)
    {
        var trial = Trial.Of(leaf: leaf => leaf.KeyInfo(publicKeyInfo));
        if (isTaken)
        {
            trial.ShouldPass();
        }
        else
        {
            trial.ShouldRefuse(X509RejectionReason.KeyRefused);
        }
    }

    /// <summary>An odd number of as many bits.</summary>
    private static BigInteger ModulusOf(int bits) => BigInteger.Pow(2, bits - 1) + 1;

    private static byte[] ExplicitP256()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var curve = key.ExportExplicitParameters(includePrivateParameters: false).Curve;
        return Der.Sequence(
            Der.Integer(1),
            Der.Sequence(Der.Oid("1.2.840.10045.1.1"), Der.Integer(new BigInteger(curve.Prime, isUnsigned: true, isBigEndian: true))),
            Der.Sequence(Der.OctetString(curve.A!), Der.OctetString(curve.B!)),
            Der.OctetString([4, .. curve.G.X!, .. curve.G.Y!]),
            Der.Integer(new BigInteger(curve.Order, isUnsigned: true, isBigEndian: true)),
            Der.Integer(1));
    }
}

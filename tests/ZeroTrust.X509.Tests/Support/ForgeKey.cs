using System.Numerics;
using System.Security.Cryptography;

namespace ZeroTrust.X509.Tests.Support;

/// <summary>A key as certificates tell it, the algorithm it says it signs with, and how it really signs. Vary one with <c>with</c>.</summary>
internal sealed record ForgeKey(byte[] PublicKeyInfo, byte[] Algorithm, Func<byte[], byte[]> Sign)
{
    public const string Sha1 = "1.3.14.3.2.26";
    public const string Sha256 = "2.16.840.1.101.3.4.2.1";
    public const string Sha384 = "2.16.840.1.101.3.4.2.2";
    public const string EcdsaWithSha256 = "1.2.840.10045.4.3.2";
    public const string Sha256WithRsa = "1.2.840.113549.1.1.11";
    private const string RsaEncryption = "1.2.840.113549.1.1.1";
    private const string RsaPssOid = "1.2.840.113549.1.1.10";
    private const string MaskGeneration1 = "1.2.840.113549.1.1.8";
    private const string EcPublicKey = "1.2.840.10045.2.1";

    // Making one takes long.
    private static readonly Lazy<RSA> SharedRsa = new(() => RSA.Create(2048));

    public byte[] Id => SHA256.HashData(PublicKeyInfo)[..20];

    public static ForgeKey P256(HashAlgorithmName? hash = null) => Ec(ECCurve.NamedCurves.nistP256, hash ?? HashAlgorithmName.SHA256);

    public static ForgeKey P384() => Ec(ECCurve.NamedCurves.nistP384, HashAlgorithmName.SHA384);

    public static ForgeKey P521() => Ec(ECCurve.NamedCurves.nistP521, HashAlgorithmName.SHA512);

    public static ForgeKey Rsa(HashAlgorithmName hash)
    {
        var rsa = SharedRsa.Value;
        var oid = hash.Name switch { "MD5" => 4, "SHA1" => 5, "SHA256" => 11, "SHA384" => 12, _ => 13 };
        return new(
            rsa.ExportSubjectPublicKeyInfo(), AlgorithmOf($"1.2.840.113549.1.1.{oid}", Der.Null), data => rsa.SignData(data, hash, RSASignaturePadding.Pkcs1));
    }

    /// <summary>Signs with PSS of SHA-256; what it says of the parameters is up to the caller.</summary>
    public static ForgeKey RsaPss(string hash = Sha256, string mask = Sha256, int salt = 32)
    {
        var rsa = SharedRsa.Value;
        return new(
            rsa.ExportSubjectPublicKeyInfo(), PssOf(hash, mask, salt), data => rsa.SignData(data, HashAlgorithmName.SHA256, RSASignaturePadding.Pss));
    }

    /// <summary>An RSA key of these numbers; it cannot sign.</summary>
    public static byte[] RsaInfo(BigInteger modulus, BigInteger exponent, byte[]? parameters = null) =>
        Info(RsaEncryption, parameters ?? Der.Null, Der.Sequence(Der.Integer(modulus), Der.Integer(exponent)));

    public static byte[] EcInfo(byte[] parameters, byte[] point) => Info(EcPublicKey, parameters, point);

    public static byte[] Info(string algorithm, byte[] parameters, byte[] key) => Der.Sequence(AlgorithmOf(algorithm, parameters), Der.BitString(key));

    public static byte[] AlgorithmOf(string oid, byte[]? parameters = null) => Der.Sequence(Der.Oid(oid), parameters ?? []);

    public static byte[] PssOf(string hash, string mask, int salt) => AlgorithmOf(
        RsaPssOid,
        Der.Sequence(
            Der.Tlv(0xA0, AlgorithmOf(hash, Der.Null)),
            Der.Tlv(0xA1, AlgorithmOf(MaskGeneration1, AlgorithmOf(mask, Der.Null))),
            Der.Tlv(0xA2, Der.Integer(salt))));

    private static ForgeKey Ec(ECCurve curve, HashAlgorithmName hash)
    {
        var key = ECDsa.Create(curve);
        var oid = hash.Name switch { "SHA1" => "1.2.840.10045.4.1", "SHA256" => EcdsaWithSha256, "SHA384" => "1.2.840.10045.4.3.3", _ => "1.2.840.10045.4.3.4" };
        return new(key.ExportSubjectPublicKeyInfo(), AlgorithmOf(oid), data => key.SignData(data, hash, DSASignatureFormat.Rfc3279DerSequence));
    }
}

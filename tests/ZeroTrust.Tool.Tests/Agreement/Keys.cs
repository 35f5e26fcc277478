using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ZeroTrust.Tool.Tests.Agreement;

/// <summary>One key of each kind, and the ways to sign with it.</summary>
internal static class Keys
{
    private static readonly Lazy<ECDsa> LazyP256 = new(() => ECDsa.Create(ECCurve.NamedCurves.nistP256));
    private static readonly Lazy<ECDsa> LazyP384 = new(() => ECDsa.Create(ECCurve.NamedCurves.nistP384));
    private static readonly Lazy<ECDsa> LazyP521 = new(() => ECDsa.Create(ECCurve.NamedCurves.nistP521));
    private static readonly Lazy<RSA> LazyRsa = new(() => RSA.Create(2048));
    private static readonly Lazy<RSA> LazyLongRsa = new(() => RSA.Create(3072));
#pragma warning disable CA5385 // a weak key is made on purpose, so that it can be shown to be refused
    private static readonly Lazy<RSA> LazyShortRsa = new(() => RSA.Create(1024));
#pragma warning restore CA5385

    public static ECDsa P256 => LazyP256.Value;

    public static ECDsa P384 => LazyP384.Value;

    public static ECDsa P521 => LazyP521.Value;

    public static RSA Rsa => LazyRsa.Value;

    public static RSA LongRsa => LazyLongRsa.Value;

    public static RSA ShortRsa => LazyShortRsa.Value;

    public static AsymmetricAlgorithm NewP256() => ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public static X509SignatureGenerator Usual(AsymmetricAlgorithm key) => key is ECDsa ec
        ? X509SignatureGenerator.CreateForECDsa(ec)
        : X509SignatureGenerator.CreateForRSA((RSA)key, RSASignaturePadding.Pkcs1);

    public static X509SignatureGenerator Pss(AsymmetricAlgorithm key) => X509SignatureGenerator.CreateForRSA((RSA)key, RSASignaturePadding.Pss);

    // ecdsa-with-SHA1 1.2.840.10045.4.1
    public static X509SignatureGenerator Sha1(AsymmetricAlgorithm key) =>
        new Named(Usual(key), [0x30, 0x09, 0x06, 0x07, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x01]);

    // id-RSASSA-PSS with SHA-256, its MGF and a salt of 20 octets.
    public static X509SignatureGenerator ShortSalt(AsymmetricAlgorithm key) => new Named(
        Pss(key),
        Convert.FromHexString("304106092A864886F70D01010A3034A00F300D06096086480165030402010500A11C301A06092A864886F70D010108300D06096086480165030402010500A203020114"));

    public static string Pem(AsymmetricAlgorithm key) => key.ExportPkcs8PrivateKeyPem();

    /// <summary>Signs as usual, under another name.</summary>
    private sealed class Named(X509SignatureGenerator inner, byte[] algorithm) : X509SignatureGenerator
    {
        public override byte[] GetSignatureAlgorithmIdentifier(HashAlgorithmName hashAlgorithm) => algorithm;

        public override byte[] SignData(byte[] data, HashAlgorithmName hashAlgorithm) => inner.SignData(data, hashAlgorithm);

        protected override PublicKey BuildPublicKey() => inner.PublicKey;
    }
}

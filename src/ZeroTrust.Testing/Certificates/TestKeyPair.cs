using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ZeroTrust.Testing;

internal sealed class TestKeyPair : IDisposable
{
    private readonly ECDsa? _ecdsa;
    private readonly RSA? _rsa;

    private TestKeyPair(ECDsa? ecdsa, RSA? rsa)
    {
        _ecdsa = ecdsa;
        _rsa = rsa;
    }

    public PublicKey PublicKey => Generator(weak: false).PublicKey;

    public static TestKeyPair Create(TestKeyAlgorithm algorithm) => algorithm switch
    {
        TestKeyAlgorithm.EcdsaP256 => new(ECDsa.Create(ECCurve.NamedCurves.nistP256), rsa: null),
        TestKeyAlgorithm.EcdsaP384 => new(ECDsa.Create(ECCurve.NamedCurves.nistP384), rsa: null),
        TestKeyAlgorithm.Rsa2048 => new(ecdsa: null, RSA.Create(2048)),
#pragma warning disable CA5385 // a weak key is made on purpose, so that it can be shown to be refused
        TestKeyAlgorithm.Rsa1024 => new(ecdsa: null, RSA.Create(1024)),
#pragma warning restore CA5385
        _ => throw new ArgumentOutOfRangeException(nameof(algorithm)),
    };

    public CertificateRequest NewRequest(string commonName)
    {
        var name = new X500DistinguishedNameBuilder();
        name.AddCommonName(commonName);
        return new CertificateRequest(name.Build(), PublicKey, HashAlgorithmName.SHA256);
    }

    public X509SignatureGenerator Generator(bool weak)
    {
        X509SignatureGenerator strong = _ecdsa is not null
            ? X509SignatureGenerator.CreateForECDsa(_ecdsa)
            : X509SignatureGenerator.CreateForRSA(_rsa!, RSASignaturePadding.Pkcs1);
        return weak ? new Sha1SignatureGenerator(_ecdsa ?? throw new NotSupportedException("SHA-1 is made with ECDSA only."), strong.PublicKey) : strong;
    }

    public X509Certificate2 Attach(X509Certificate2 certificate) =>
        _ecdsa is not null ? certificate.CopyWithPrivateKey(_ecdsa) : certificate.CopyWithPrivateKey(_rsa!);

    public string ToPem() => _ecdsa is not null ? _ecdsa.ExportPkcs8PrivateKeyPem() : _rsa!.ExportPkcs8PrivateKeyPem();

    public void Dispose()
    {
        _ecdsa?.Dispose();
        _rsa?.Dispose();
    }

    private sealed class Sha1SignatureGenerator(ECDsa key, PublicKey publicKey) : X509SignatureGenerator
    {
        // AlgorithmIdentifier { ecdsa-with-SHA1 1.2.840.10045.4.1 }
        public override byte[] GetSignatureAlgorithmIdentifier(HashAlgorithmName hashAlgorithm) =>
            [0x30, 0x09, 0x06, 0x07, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x01];

        public override byte[] SignData(byte[] data, HashAlgorithmName hashAlgorithm) =>
            key.SignData(data, HashAlgorithmName.SHA1, DSASignatureFormat.Rfc3279DerSequence);

        protected override PublicKey BuildPublicKey() => publicKey;
    }
}

using System.Numerics;
using System.Security.Cryptography;

namespace ZeroTrust.FuzzTests.Pki;

/// <summary>One extension as it is to be encoded.</summary>
internal sealed record ExtensionSpec(string Oid, bool IsCritical, byte[] Value);

/// <summary>What a certificate is to say; nothing has to make sense.</summary>
internal sealed class CertificateSpec
{
    public required byte[] Subject { get; set; }

    public required TestKey Key { get; set; }

    /// <summary>The certificate above; null for one that signs itself.</summary>
    public CertificateSpec? Issuer { get; set; }

    /// <summary>The issuer's name where it is not spelled as the issuer spells it.</summary>
    public byte[]? IssuerName { get; set; }

    /// <summary>The key that signs where it is not the issuer's.</summary>
    public TestKey? SignWith { get; set; }

    public int Version { get; set; } = 3;

    public BigInteger Serial { get; set; } = 1;

    public DateTimeOffset NotBefore { get; set; }

    public DateTimeOffset NotAfter { get; set; }

    public HashAlgorithmName Hash { get; set; } = HashAlgorithmName.SHA256;

    /// <summary>The hash the unsigned algorithm identifier tells, where it tells another one.</summary>
    public HashAlgorithmName? OuterHash { get; set; }

    public List<ExtensionSpec> Extensions { get; private set; } = [];

    public bool HasAuthorityKeyId { get; set; } = true;

    public bool HasSubjectKeyId { get; set; } = true;

    /// <summary>A key identifier that names another key than the issuer's.</summary>
    public byte[]? WrongAuthorityKeyId { get; set; }

    public TestKey Signer => SignWith ?? Issuer?.Key ?? Key;

    /// <summary>Puts an extension in the place of the one of the same kind.</summary>
    public void Set(ExtensionSpec extension)
    {
        Extensions.RemoveAll(other => other.Oid == extension.Oid);
        Extensions.Add(extension);
    }

    /// <summary>The same certificate, to be changed in one respect.</summary>
    public CertificateSpec Copy()
    {
        var copy = (CertificateSpec)MemberwiseClone();
        copy.Extensions = [.. Extensions];
        return copy;
    }
}

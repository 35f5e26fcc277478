namespace ZeroTrust.Testing;

/// <summary>The kind of key a test certificate gets.</summary>
public enum TestKeyAlgorithm
{
    /// <summary>ECDSA on P-256.</summary>
    EcdsaP256 = 0,

    /// <summary>ECDSA on P-384.</summary>
    EcdsaP384 = 1,

    /// <summary>RSA of 2048 bits.</summary>
    Rsa2048 = 2,

    /// <summary>RSA of 1024 bits, which has to be refused.</summary>
    Rsa1024 = 3,
}

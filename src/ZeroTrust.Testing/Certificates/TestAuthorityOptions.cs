namespace ZeroTrust.Testing;

/// <summary>What the certificate of a <see cref="TestCertificateAuthority"/> looks like.</summary>
public sealed class TestAuthorityOptions
{
    /// <summary>The subject's common name.</summary>
    /// <value>Default <c>test ca</c>.</value>
    public string CommonName { get; set; } = "test ca";

    /// <summary>How many authorities may follow below; null for any number.</summary>
    /// <value>Null by default.</value>
    public int? PathLength { get; set; }

    /// <summary>The beginning of the validity.</summary>
    /// <value>Null by default: one day ago.</value>
    public DateTimeOffset? NotBefore { get; set; }

    /// <summary>The end of the validity.</summary>
    /// <value>Null by default: in one year.</value>
    public DateTimeOffset? NotAfter { get; set; }

    /// <summary>The kind of key.</summary>
    /// <value>Default <see cref="TestKeyAlgorithm.EcdsaP256"/>.</value>
    public TestKeyAlgorithm Key { get; set; }

    /// <summary>The time certificates are issued at.</summary>
    /// <value>Null by default: the authority's above, and the system's for a root.</value>
    public TimeProvider? Time { get; set; }
}

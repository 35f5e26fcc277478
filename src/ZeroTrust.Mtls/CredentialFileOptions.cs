namespace ZeroTrust.Mtls;

/// <summary>Where the own certificate and key are.</summary>
public sealed class CredentialFileOptions
{
    /// <summary>PEM file with the leaf first and its intermediates after it.</summary>
    /// <value>Required, with <see cref="KeyFile"/>, unless <see cref="PfxFile"/> is set.</value>
    public string? CertificateFile { get; set; }

    /// <summary>PEM file with the leaf's private key: PKCS#8, PKCS#1 or SEC1, or encrypted PKCS#8.</summary>
    /// <value>
    /// Required with <see cref="CertificateFile"/>. The group may read it; a file that others may use, or the group may write, is refused.
    /// In Kubernetes set <c>defaultMode: 0440</c>.
    /// </value>
    public string? KeyFile { get; set; }

    /// <summary>PKCS#12 file (PFX) with the leaf, its private key and its intermediates.</summary>
    /// <value>Null by default. In place of <see cref="CertificateFile"/> and <see cref="KeyFile"/>; its mode is checked as that of the key.</value>
    public string? PfxFile { get; set; }

    /// <summary>The password of an encrypted key or of the PKCS#12 file.</summary>
    /// <value>Null by default: the key is not encrypted.</value>
    public string? KeyPassword { get; set; }
}

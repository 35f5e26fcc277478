namespace ZeroTrust.Mtls;

/// <summary>Where the own certificate and key are.</summary>
public sealed class CredentialFileOptions
{
    /// <summary>PEM file with the leaf first and its intermediates after it.</summary>
    /// <value>Required.</value>
    public string? CertificateFile { get; set; }

    /// <summary>PEM file with the leaf's private key: PKCS#8, PKCS#1 or SEC1, or encrypted PKCS#8.</summary>
    /// <value>Required. Keep it readable by the service's user alone; anything wider is logged at start.</value>
    public string? KeyFile { get; set; }

    /// <summary>The password of an encrypted key.</summary>
    /// <value>Null by default: the key is not encrypted.</value>
    public string? KeyPassword { get; set; }
}

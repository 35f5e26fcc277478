namespace ZeroTrust.Shared;

/// <summary>One block of a PEM file (RFC 7468).</summary>
/// <param name="Label">What its first line says it is.</param>
/// <param name="Line">The line it begins at, from 1.</param>
/// <param name="Der">What it holds.</param>
/// <param name="Headers">The fields before its content (RFC 1421), which nothing but old keys have; empty for none.</param>
internal sealed record PemBlock(string Label, int Line, byte[] Der, string Headers)
{
    public const string Certificate = "CERTIFICATE";
    public const string OldCertificate = "X509 CERTIFICATE";
    public const string Crl = "X509 CRL";
    public const string PrivateKey = "PRIVATE KEY";
    public const string EncryptedPrivateKey = "ENCRYPTED PRIVATE KEY";
    public const string RsaPrivateKey = "RSA PRIVATE KEY";
    public const string EcPrivateKey = "EC PRIVATE KEY";

    public bool IsCertificate => Label is Certificate or OldCertificate;

    public bool IsPrivateKey => Label.EndsWith(PrivateKey, StringComparison.Ordinal);

    /// <summary>Whether it is a key that a password opens.</summary>
    public bool IsEncrypted => Label == EncryptedPrivateKey || (IsPrivateKey && Headers.Contains("ENCRYPTED", StringComparison.OrdinalIgnoreCase));

    /// <summary>Whether it stands beside keys and says nothing that they do not.</summary>
    public bool IsParameters => Label is "EC PARAMETERS" or "DH PARAMETERS" or "X9.42 DH PARAMETERS";

    public override string ToString() => $"a {Label} block (line {Line})";
}

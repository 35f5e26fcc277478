namespace ZeroTrust.X509.Internal;

/// <summary>The part of a certificate that is being read, to name it where reading ends.</summary>
internal enum CertificatePart
{
    Certificate = 0,
    Version,
    SerialNumber,
    SignatureAlgorithm,
    Issuer,
    Validity,
    Subject,
    SubjectPublicKeyInfo,
    UniqueIdentifiers,
    Extensions,
    Signature,
}

internal static class CertificateParts
{
    /// <summary>The name and the section of RFC 5280, to follow "The".</summary>
    public static (string Name, string Section) Describe(CertificatePart part) => part switch
    {
        CertificatePart.Version => ("version", "4.1.2.1"),
        CertificatePart.SerialNumber => ("serial number", "4.1.2.2"),
        CertificatePart.SignatureAlgorithm => ("signature algorithm", "4.1.1.2"),
        CertificatePart.Issuer => ("issuer", "4.1.2.4"),
        CertificatePart.Validity => ("validity", "4.1.2.5"),
        CertificatePart.Subject => ("subject", "4.1.2.6"),
        CertificatePart.SubjectPublicKeyInfo => ("subject public key", "4.1.2.7"),
        CertificatePart.UniqueIdentifiers => ("unique identifier", "4.1.2.8"),
        CertificatePart.Extensions => ("list of extensions", "4.1.2.9"),
        CertificatePart.Signature => ("signature", "4.1.1.3"),
        _ => ("encoding of the certificate", "4.1"),
    };

    /// <summary>The name and the section of an extension that is read.</summary>
    public static (string Name, string Section) DescribeExtension(ReadOnlySpan<byte> oid) => true switch
    {
        _ when oid.SequenceEqual(Oids.AuthorityKeyIdentifier) => ("authority key identifier", "4.2.1.1"),
        _ when oid.SequenceEqual(Oids.SubjectKeyIdentifier) => ("subject key identifier", "4.2.1.2"),
        _ when oid.SequenceEqual(Oids.KeyUsage) => ("key usage", "4.2.1.3"),
        _ when oid.SequenceEqual(Oids.CertificatePolicies) => ("certificate policies", "4.2.1.4"),
        _ when oid.SequenceEqual(Oids.PolicyMappings) => ("policy mappings", "4.2.1.5"),
        _ when oid.SequenceEqual(Oids.SubjectAltName) => ("subject alternative name", "4.2.1.6"),
        _ when oid.SequenceEqual(Oids.BasicConstraints) => ("basic constraints", "4.2.1.9"),
        _ when oid.SequenceEqual(Oids.NameConstraints) => ("name constraints", "4.2.1.10"),
        _ when oid.SequenceEqual(Oids.PolicyConstraints) => ("policy constraints", "4.2.1.11"),
        _ when oid.SequenceEqual(Oids.ExtendedKeyUsage) => ("extended key usage", "4.2.1.12"),
        _ when oid.SequenceEqual(Oids.CrlDistributionPoints) => ("CRL distribution points", "4.2.1.13"),
        _ when oid.SequenceEqual(Oids.InhibitAnyPolicy) => ("inhibitAnyPolicy", "4.2.1.14"),
        _ when oid.SequenceEqual(Oids.AuthorityInfoAccess) => ("authority information access", "4.2.2.1"),
        _ => ("extension", "4.2"),
    };
}

namespace ZeroTrust.X509.Tests.Support;

/// <summary>The fields of a TBSCertificate, in their order.</summary>
internal enum TbsField
{
    Version,
    Serial,
    Algorithm,
    Issuer,
    Validity,
    Subject,
    Key,
    Extensions,
}

namespace ZeroTrust.X509;

/// <summary>What is asked of the revocation status of every certificate of a path but its anchor (RFC 5280 section 6.3).</summary>
public enum RevocationMode
{
    /// <summary>A status that no current CRL tells refuses the path.</summary>
    HardFail = 0,

    /// <summary>A status that no current CRL tells passes; a revocation that a CRL tells refuses.</summary>
    SoftFail = 1,

    /// <summary>CRLs are not looked at. The deny-list still holds.</summary>
    None = 2,
}

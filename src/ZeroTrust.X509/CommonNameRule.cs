namespace ZeroTrust.X509;

/// <summary>What is asked of the common name of a leaf. It never identifies anybody (RFC 9525 section 2).</summary>
public enum CommonNameRule
{
    /// <summary>It is not read.</summary>
    Ignored = 0,

    /// <summary>It repeats one of the alternative names character for character (CA/Browser Forum Baseline Requirements, section 7.1.4.3).</summary>
    RepeatsAlternativeName = 1,
}

namespace ZeroTrust.Redaction;

/// <summary>What a token of the application or of a vendor that is not known looks like.</summary>
public sealed class RedactionTokenShape
{
    /// <summary>Who issues it, as it stands in the marker: <c>acme</c> for <c>[token:acme]</c>.</summary>
    /// <value>Required. 2 to 20 lower-case letters, digits and dashes.</value>
    public string Vendor { get; set; } = "";

    /// <summary>
    /// Literals and classes with a count, anchored at both ends of a word: <c>acme_[A-Za-z0-9]{32}</c>. A <c>\</c> stands before a sign
    /// with a meaning. What stands in <c>(…)</c> at the end is redacted, and what is before it stays.
    /// </summary>
    /// <value>Required. At most 256 characters; what is redacted has at least 8, and some literal at least 2.</value>
    public string Pattern { get; set; } = "";
}

namespace ZeroTrust.OpenTelemetry;

/// <summary>A decision about the attributes with one key, or with one beginning of a key.</summary>
/// <remarks>
/// An exact key beats every prefix, a longer prefix beats a shorter one, and a configured rule beats a built-in rule for the same key.
/// So <c>http.request.header.*: Keep</c> does not release <c>http.request.header.authorization</c>; only naming that key does.
/// </remarks>
public sealed class RedactionRule
{
    /// <summary>The attribute key, compared without regard to case; a trailing <c>*</c> makes it a prefix.</summary>
    /// <value>Required. No <c>*</c> anywhere but at the end, and not <c>*</c> alone (that is <see cref="RedactionOptions.Mode"/>).</value>
    public string Key { get; set; } = "";

    /// <summary>What is done with the value.</summary>
    /// <value>Required.</value>
    public RedactionAction Action { get; set; }
}

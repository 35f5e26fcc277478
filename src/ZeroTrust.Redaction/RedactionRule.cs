namespace ZeroTrust.Redaction;

/// <summary>A decision about the attributes with one key, or with keys of one shape.</summary>
/// <remarks>
/// An exact key beats every prefix, a longer prefix beats a shorter one, a prefix beats every other wildcard, of which the longer beats the shorter;
/// and a configured rule beats a built-in rule for the same key. So <c>http.request.header.*: Keep</c> does not release
/// <c>http.request.header.authorization</c>; only naming that key does.
/// </remarks>
public sealed class RedactionRule
{
    /// <summary>The attribute key, compared without regard to case. <c>*</c> stands for any characters, none included: <c>user.*</c>, <c>*token*</c>, <c>a.*.b</c>.</summary>
    /// <value>Required. At most 256 characters with at most 8 <c>*</c>, and not <c>*</c> alone (that is <see cref="RedactionOptions.Mode"/>).</value>
    public string Key { get; set; } = "";

    /// <summary>What is done with the value.</summary>
    /// <value>Required.</value>
    public RedactionAction Action { get; set; }

    /// <summary>How many characters <see cref="RedactionAction.Truncate"/> leaves.</summary>
    /// <value>Default 0. 1 to 65,536, and required, with <see cref="RedactionAction.Truncate"/>; otherwise 0.</value>
    public int Length { get; set; }

    /// <summary>Whose redactor <see cref="RedactionAction.Classified"/> takes: the taxonomy and the value of a <c>DataClassification</c>, divided by a colon.</summary>
    /// <value>Default <see langword="null"/>. Required with <see cref="RedactionAction.Classified"/>, for example <c>Shop:Customer</c>; otherwise <see langword="null"/>.</value>
    public string? Classification { get; set; }
}

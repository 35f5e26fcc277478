namespace ZeroTrust.Redaction;

/// <summary>
/// What is taken out of attributes, values and texts. Bound to <see cref="SectionName"/> and read again when the configuration
/// changes; a change that is not valid is logged and the last valid options stay in use.
/// </summary>
public sealed class RedactionOptions
{
    /// <summary>The configuration section the options are bound to.</summary>
    public const string SectionName = "ZeroTrust:Redaction";

    /// <summary>What happens to an attribute that no rule names.</summary>
    /// <value>Default <see cref="RedactionMode.Deny"/>.</value>
    public RedactionMode Mode { get; set; }

    /// <summary>Rules in addition to the built-in ones, which follow the OpenTelemetry semantic conventions.</summary>
    /// <value>Default empty. At most 1,024 rules, each key once.</value>
    public IList<RedactionRule> Rules { get; set; } = [];

    /// <summary>Values that the detectors leave where they find them, such as the address of the own support.</summary>
    /// <value>Default empty. At most 1,024, compared without regard to case.</value>
    /// <remarks>A finding stays only if it is one of these, no more and no less. What stands beside it in the same text is judged for itself.</remarks>
    public IList<string> AllowedValues { get; set; } = [];

    /// <summary>Tokens of the application, and of vendors that are not known, by their shape.</summary>
    /// <value>Default empty. At most 128.</value>
    public IList<RedactionTokenShape> TokenShapes { get; set; } = [];

    /// <summary>Which of the built-in detectors look at texts.</summary>
    /// <value>Default: those for secrets, addresses and accounts; not those for telephones, persons, IP addresses and one-time codes.</value>
    public RedactionDetectors Detectors { get; set; } = new();

    /// <summary>
    /// Whether the comments of a statement stay, but for what the detectors find in them, where <see cref="RedactionAction.StripLiterals"/> takes
    /// its literals.
    /// </summary>
    /// <value>Default <see langword="false"/>.</value>
    /// <remarks>
    /// Comments can hold data, such as the name of a user. The trace context that sqlcommenter writes stays in any case, and so do hints for the
    /// optimizer.
    /// </remarks>
    public bool KeepComments { get; set; }

    /// <summary>The key of <see cref="RedactionAction.Token"/>, base64.</summary>
    /// <value>Default <see langword="null"/>. Required when a rule uses <see cref="RedactionAction.Token"/>; at least 32 bytes.</value>
    /// <remarks>A secret: give it through a secret store, and the same value to services whose telemetry must join.</remarks>
    public string? TokenKey { get; set; }

    /// <summary>The name of <see cref="TokenKey"/>, which stands in every token, so that tokens of different keys can be told apart.</summary>
    /// <value>Default <c>v1</c>. 1 to 16 letters and digits. Give a new key a new id.</value>
    public string TokenKeyId { get; set; } = "v1";

    /// <summary>The ids of former keys. A value that is a token of one of them stays as it is: it comes from a service that does not have the new key yet.</summary>
    /// <value>Default empty. At most 16, none of them <see cref="TokenKeyId"/>.</value>
    public IList<string> RetiredTokenKeyIds { get; set; } = [];
}

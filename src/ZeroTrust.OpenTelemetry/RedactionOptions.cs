namespace ZeroTrust.OpenTelemetry;

/// <summary>What is taken out of spans, logs and metrics before they are exported. Bound to <see cref="SectionName"/>.</summary>
public sealed class RedactionOptions
{
    /// <summary>The configuration section the options are bound to.</summary>
    public const string SectionName = "ZeroTrust:OpenTelemetry:Redaction";

    /// <summary>What happens to an attribute that no rule names.</summary>
    /// <value>Default <see cref="RedactionMode.Deny"/>.</value>
    public RedactionMode Mode { get; set; }

    /// <summary>Rules in addition to the built-in ones, which follow the OpenTelemetry semantic conventions.</summary>
    /// <value>Default empty. At most 1,024 rules, each key once.</value>
    public IList<RedactionRule> Rules { get; set; } = [];

    /// <summary>The key of <see cref="RedactionAction.Token"/>, base64.</summary>
    /// <value>Default <see langword="null"/>. Required when a rule uses <see cref="RedactionAction.Token"/>; at least 32 bytes.</value>
    /// <remarks>A secret: give it through a secret store, and the same value to services whose telemetry must join.</remarks>
    public string? TokenKey { get; set; }

    /// <summary>The only tag keys that metrics keep, applied to every instrument as a view.</summary>
    /// <value>Default empty: metric tags are left as they are, because a view can only keep, not change, a tag.</value>
    /// <remarks>Turns exemplars off, which would carry the removed tags. A view that the application adds itself produces its own stream with its own tags.</remarks>
    public IList<string> MetricTagKeys { get; set; } = [];

    /// <summary>The hosts that baggage may be sent to: a host name, or <c>*.</c> and the end of one.</summary>
    /// <value>Default empty: no request carries baggage. At most 256.</value>
    /// <remarks>
    /// Baggage is the only telemetry that goes to whoever a service calls. Trace context is still sent to everyone. A carrier that is not an
    /// <see cref="System.Net.Http.HttpRequestMessage"/>, as that of a message broker, has no destination and carries no baggage.
    /// </remarks>
    public IList<string> BaggageDestinations { get; set; } = [];

    /// <summary>Whether each redaction is logged at Debug level with its surface, key and kind of rule, never with the value.</summary>
    /// <value>Default <see langword="false"/>. Refused outside the Development environment.</value>
    public bool ExplainRedactions { get; set; }
}

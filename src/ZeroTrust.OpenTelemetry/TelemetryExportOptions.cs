
namespace ZeroTrust.OpenTelemetry;

/// <summary>
/// What leaves beside the values that <see cref="ZeroTrust.Redaction.RedactionOptions"/> decide on. Bound to <see cref="SectionName"/> and read again when
/// the configuration changes; a change that is not valid is logged and the last valid options stay in use.
/// </summary>
public sealed class TelemetryExportOptions
{
    /// <summary>The configuration section the options are bound to.</summary>
    public const string SectionName = "ZeroTrust:OpenTelemetry";

    /// <summary>The only tag keys that metrics keep, applied to every instrument as a view.</summary>
    /// <value>Default empty: tags are not taken away, and a metric with one that is not clean is dropped as a whole, because a tag can be kept or not but not be changed.</value>
    /// <remarks>
    /// Read when a provider is built. Turns exemplars off, which would carry the removed tags. A view that the application adds itself produces its own
    /// stream with its own tags; where one of those is not listed, the metric is dropped.
    /// </remarks>
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

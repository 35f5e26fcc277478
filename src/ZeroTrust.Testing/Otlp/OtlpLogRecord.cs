namespace ZeroTrust.Testing;

/// <summary>One received log record.</summary>
public sealed class OtlpLogRecord
{
    /// <summary>The message or its template, as the exporter sent it; empty when it sent none.</summary>
    public required string Body { get; init; }

    /// <summary>The event name; empty when there is none.</summary>
    public required string EventName { get; init; }

    /// <summary>The severity number of OTLP: 1 to 24, 0 when it was not sent.</summary>
    public required int SeverityNumber { get; init; }

    /// <summary>The severity's name as the exporter spells it.</summary>
    public required string SeverityText { get; init; }

    /// <summary>The attributes as text.</summary>
    public required IReadOnlyDictionary<string, string> Attributes { get; init; }

    /// <summary>The resource's <c>service.name</c>; empty when there is none.</summary>
    public required string ServiceName { get; init; }

    /// <summary>The instrumentation scope, which is the logger's category in .NET.</summary>
    public required string Scope { get; init; }

    /// <summary>The trace id in lower-case hexadecimal; empty outside a trace.</summary>
    public required string TraceId { get; init; }

    /// <summary>The span id in lower-case hexadecimal; empty outside a trace.</summary>
    public required string SpanId { get; init; }

    /// <summary>The service, the severity and the body, for a test's output.</summary>
    public override string ToString() => $"{ServiceName} {SeverityText} {EventName} {Body}";
}

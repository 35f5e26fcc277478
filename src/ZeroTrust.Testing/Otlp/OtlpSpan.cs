namespace ZeroTrust.Testing;

/// <summary>One received span.</summary>
public sealed class OtlpSpan
{
    /// <summary>The span's name.</summary>
    public required string Name { get; init; }

    /// <summary>The trace id in lower-case hexadecimal.</summary>
    public required string TraceId { get; init; }

    /// <summary>The span id in lower-case hexadecimal.</summary>
    public required string SpanId { get; init; }

    /// <summary>The parent's span id in lower-case hexadecimal; empty for a root.</summary>
    public required string ParentSpanId { get; init; }

    /// <summary>The kind of OTLP: 1 internal, 2 server, 3 client, 4 producer, 5 consumer.</summary>
    public required int Kind { get; init; }

    /// <summary>The attributes as text.</summary>
    public required IReadOnlyDictionary<string, string> Attributes { get; init; }

    /// <summary>The names of the span's events, in order.</summary>
    public required IReadOnlyList<string> EventNames { get; init; }

    /// <summary>The status code of OTLP: 0 unset, 1 ok, 2 error.</summary>
    public required int StatusCode { get; init; }

    /// <summary>The resource's <c>service.name</c>; empty when there is none.</summary>
    public required string ServiceName { get; init; }

    /// <summary>The instrumentation scope, which is the activity source in .NET.</summary>
    public required string Scope { get; init; }

    /// <summary>The service and the name, for a test's output.</summary>
    public override string ToString() => $"{ServiceName} {Name}";
}

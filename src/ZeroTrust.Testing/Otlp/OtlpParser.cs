using System.Globalization;
using Google.Protobuf;
using Google.Protobuf.Collections;
using ZeroTrust.Testing.Otlp;

namespace ZeroTrust.Testing;

internal static class OtlpParser
{
    public static IEnumerable<OtlpLogRecord> Logs(byte[] body) =>
        from resource in LogsRequest.Parser.ParseFrom(body).ResourceLogs
        from scope in resource.ScopeLogs
        from record in scope.LogRecords
        select new OtlpLogRecord
        {
            Body = Text(record.Body),
            EventName = record.EventName,
            SeverityNumber = record.SeverityNumber,
            SeverityText = record.SeverityText,
            Attributes = Attributes(record.Attributes),
            ServiceName = ServiceName(resource.Resource),
            Scope = scope.Scope?.Name ?? string.Empty,
            TraceId = Hex(record.TraceId),
            SpanId = Hex(record.SpanId),
        };

    public static IEnumerable<OtlpSpan> Spans(byte[] body) =>
        from resource in TracesRequest.Parser.ParseFrom(body).ResourceSpans
        from scope in resource.ScopeSpans
        from span in scope.Spans
        select new OtlpSpan
        {
            Name = span.Name,
            TraceId = Hex(span.TraceId),
            SpanId = Hex(span.SpanId),
            ParentSpanId = Hex(span.ParentSpanId),
            Kind = span.Kind,
            Attributes = Attributes(span.Attributes),
            EventNames = [.. span.Events.Select(item => item.Name)],
            StatusCode = span.Status?.Code ?? 0,
            ServiceName = ServiceName(resource.Resource),
            Scope = scope.Scope?.Name ?? string.Empty,
        };

    private static string ServiceName(Resource? resource) =>
        Text(resource?.Attributes.FirstOrDefault(pair => pair.Key == "service.name")?.Value);

    private static Dictionary<string, string> Attributes(RepeatedField<Pair> pairs)
    {
        var attributes = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in pairs)
        {
            attributes[pair.Key] = Text(pair.Value);
        }

        return attributes;
    }

    private static string Text(Value? value) => value?.ValueCase switch
    {
        Value.ValueOneofCase.Text => value.Text,
        Value.ValueOneofCase.Flag => value.Flag ? "true" : "false",
        Value.ValueOneofCase.Integer => value.Integer.ToString(CultureInfo.InvariantCulture),
        Value.ValueOneofCase.Number => value.Number.ToString(CultureInfo.InvariantCulture),
        Value.ValueOneofCase.List => $"[{string.Join(", ", value.List.Values.Select(Text))}]",
        Value.ValueOneofCase.Map => $"{{{string.Join(", ", value.Map.Values.Select(pair => $"{pair.Key}: {Text(pair.Value)}"))}}}",
        Value.ValueOneofCase.Bytes => Hex(value.Bytes),
        _ => string.Empty,
    };

    private static string Hex(ByteString bytes) => Convert.ToHexStringLower(bytes.Span);
}

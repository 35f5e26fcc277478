using ZeroTrust.Testing;

namespace ZeroTrust.Samples.Tour.Mesh;

/// <summary>What the services exported over OTLP: their audit events, spans and logs, and the very bytes.</summary>
internal sealed class Telemetry : IAsyncDisposable
{
    private const string StrippedEvent = "ContextHeaderStripped";
    private const string RefusedEvent = "PeerRefused";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(20);

    private readonly OtlpReceiver _receiver;

    private Telemetry(OtlpReceiver receiver) => _receiver = receiver;

    public Uri Endpoint => _receiver.Endpoint;

    /// <summary>How many log records came so far: a place to look on from.</summary>
    public int LogCount => _receiver.Logs.Count;

    public long ReceivedBytes => _receiver.Requests.Sum(static request => (long)request.Body.Length);

    public static async Task<Telemetry> StartAsync(CancellationToken cancellationToken) =>
        new(await OtlpReceiver.StartAsync(cancellationToken));

    public bool Contains(string text) => _receiver.Contains(text);

    /// <summary>The code of a service's next audit event about a refused peer with this leaf, or about one without any.</summary>
    public async Task<string?> WaitForRefusedPeerAsync(string service, string? leaf, int mark, CancellationToken cancellationToken)
    {
        OtlpLogRecord? found = null;
        await WaitAsync(() => (found = _receiver.Logs.Skip(mark).FirstOrDefault(log => log.ServiceName == service
            && log.EventName == RefusedEvent
            && log.Attributes.GetValueOrDefault("zerotrust.listener") == "mesh"
            && log.Attributes.GetValueOrDefault("zerotrust.leaf_sha256") == (leaf ?? "none"))) is not null, cancellationToken);
        return found?.Attributes.GetValueOrDefault("error.type");
    }

    /// <summary>The headers a service says it removed from the calls of a trace; waits until there are so many.</summary>
    public async Task<string[]> WaitForStrippedHeadersAsync(string service, string trace, int count, CancellationToken cancellationToken)
    {
        await WaitAsync(() => StrippedHeaders(service, trace).Length >= count, cancellationToken);
        return StrippedHeaders(service, trace);
    }

    public string[] StrippedHeaders(string service, string trace) =>
    [
        .. _receiver.Logs
            .Where(log => log.ServiceName == service && log.TraceId == trace && log.EventName == StrippedEvent)
            .SelectMany(static log => log.Attributes.GetValueOrDefault("Headers")?.Split(", ") ?? []),
    ];

    public Task<bool> WaitForSpanAsync(string service, string trace, CancellationToken cancellationToken) =>
        WaitAsync(() => _receiver.Spans.Any(span => span.ServiceName == service && span.TraceId == trace), cancellationToken);

    public Task<bool> WaitForLogAsync(string service, string trace, string text, CancellationToken cancellationToken) =>
        WaitAsync(
            () => _receiver.Logs.Any(log => log.ServiceName == service && log.TraceId == trace
                && log.Body.Contains(text, StringComparison.Ordinal)),
            cancellationToken);

    /// <summary>The value of an attribute on the spans of a trace; null when none has it.</summary>
    public string? Attribute(string trace, string name) => _receiver.Spans
        .Where(span => span.TraceId == trace)
        .Select(span => span.Attributes.GetValueOrDefault(name))
        .FirstOrDefault(static value => value is not null);

    public bool HasException(string trace) => _receiver.Spans.Any(span => span.TraceId == trace && span.EventNames.Contains("exception", StringComparer.Ordinal));

    public ValueTask DisposeAsync() => _receiver.DisposeAsync();

    // Not arriving is a result, not an error: the row says what is missing.
    private static async Task<bool> WaitAsync(Func<bool> reached, CancellationToken cancellationToken)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!reached())
        {
            if (TimeProvider.System.GetElapsedTime(started) > Patience)
            {
                return false;
            }

            await Task.Delay(Poll, cancellationToken);
        }

        return true;
    }
}

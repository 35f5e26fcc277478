using System.Diagnostics;

namespace ZeroTrust.Testing;

/// <summary>Ends spans with a canary on every surface that OTLP writes.</summary>
internal sealed class SpanCanaries(CanarySet canaries)
{
    public const string Signal = "traces";

    public void Emit()
    {
        using var source = new ActivitySource(RedactionAssert.SourceName);
        source.StartActivity(canaries.Innocent(Signal))?.Dispose();
        Fill(source.StartActivity("canary", ActivityKind.Server, default(ActivityContext), tags: null, [Link()]));
        SetLate(source.StartActivity("late canary"));

        using var named = new ActivitySource(RedactionAssert.SourceName + Canary("source name"));
        named.StartActivity("canary")?.Dispose();
        using var described = new ActivitySource(RedactionAssert.SourceName + ".described", Canary("source version"), [new("note", Canary("source tag"))]);
        described.StartActivity("canary")?.Dispose();
    }

    private string Canary(string surface) => canaries.Address(Signal, surface);

    private ActivityLink Link() => new(
        new ActivityContext(ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom(), ActivityTraceFlags.None, "v=" + Canary("link trace state")),
        new ActivityTagsCollection { ["note"] = Canary("link attribute"), [Canary("link attribute key")] = 1 });

    private void Fill(Activity? span)
    {
        if (span is null)
        {
            return;
        }

        using (span)
        {
            span.DisplayName = "GET " + Canary("name");
            span.TraceStateString = "v=" + Canary("trace state");
            span.SetStatus(ActivityStatusCode.Error, "no account " + Canary("status description"));
            span.SetTag("note", "mail to " + Canary("attribute"));
            span.SetTag("notes", new[] { "plain", Canary("attribute array") });
            span.SetTag("nested", new Dictionary<string, object?>(StringComparer.Ordinal) { ["list"] = new object[] { 1, Canary("nested attribute") } });
            span.SetTag("object", new Note(Canary("attribute object")));
            span.SetTag(Canary("attribute key"), 1);
            span.SetTag("password", canaries.Token(Signal, "attribute named password"));
            span.SetTag("http.request.header.authorization", new[] { canaries.Token(Signal, "authorization header") });
            span.AddEvent(new ActivityEvent(Canary("event name"), tags: new ActivityTagsCollection
            {
                ["note"] = Canary("event attribute"),
                [Canary("event attribute key")] = 1,
            }));
            span.AddException(new InvalidOperationException(Canary("exception message"), new NotSupportedException(Canary("inner exception"))));
        }
    }

    /// <summary>A batch exporter still holds the span.</summary>
    private void SetLate(Activity? span)
    {
        span?.Dispose();
        span?.SetTag("note", Canary("attribute set after the end"));
    }

    private sealed class Note(string text)
    {
        public override string ToString() => text;
    }
}

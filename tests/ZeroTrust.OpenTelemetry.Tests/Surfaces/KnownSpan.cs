using System.Diagnostics;

namespace ZeroTrust.OpenTelemetry.Tests.Surfaces;

/// <summary>Ends a span that carries a canary on every surface OTLP writes, and things that must be left alone.</summary>
internal static class KnownSpan
{
    public const string Jwt = "eyJhbGciOiJFUzI1NiJ9.eyJjYW5hcnkiOiJzcGFuLWp3dCJ9.c2lnbmF0dXJl";
    public const string LeafSha256 = "4111111111111111aa6dbb0bd1b2f2cb6b0a1f8b8ac1e0d3a5f9c7e14111111f";

    public static readonly string[] MustNotLeave =
    [
        "tag-text", "tag-array", "tag-object", "tag-nested", "tag-key", "span-name", "status-text", "event-name", "event-tag", "exception-message",
        "link-tag", "link-state", "trace-state", Jwt, "4111111111111111 ", "5555555555554444", "378282246310005", "header-secret", "url-user", "url-secret",
        "query-secret", "db-secret", "pem-secret", "bearer-Secret1",
    ];

    public static readonly string[] MustSurvive =
    [
        "authz.permission_missing", "spiffe://example.test/orders", LeafSha256, "edge", "/orders/{id}", "POST", "plain value", "http://127.0.0.1:9/orders?*",
    ];

    public static void Emit(ActivitySource source)
    {
        var links = new[]
        {
            new ActivityLink(
                new ActivityContext(ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom(), ActivityTraceFlags.None, "v=link-state@canary.example"),
                new ActivityTagsCollection { ["note"] = "link-tag@canary.example" }),
        };
        using var activity = source.StartActivity("span", ActivityKind.Server, default(ActivityContext), tags: null, links)
            ?? throw new InvalidOperationException("no listener");
        activity.DisplayName = "GET span-name@canary.example";
        activity.TraceStateString = "v=trace-state@canary.example";
        activity.SetStatus(ActivityStatusCode.Error, "no account status-text@canary.example");
        activity.SetTag("text", "mail tag-text@canary.example");
        activity.SetTag("array", new[] { "plain value", "tag-array@canary.example" });
        activity.SetTag("object", new Note("tag-object@canary.example"));
        activity.SetTag("nested", new Dictionary<string, object?>(StringComparer.Ordinal) { ["inner"] = new object[] { 1, "tag-nested@canary.example" } });
        activity.SetTag("tag-key@canary.example", 1);
        activity.SetTag("jwt", "token is " + Jwt);
        activity.SetTag("card", "paid with 4111111111111111 today");
        activity.SetTag("card.number", 5555555555554444L);
        activity.SetTag("cards", new[] { 378282246310005L });
        activity.SetTag("http.request.header.txn-token", new[] { "header-secret" });
        activity.SetTag("url.full", "http://url-user:url-secret@127.0.0.1:9/orders?query-secret=1");
        activity.SetTag("url.query", "query-secret=2");
        activity.SetTag("http.target", "/orders?query-secret=3");
        activity.SetTag("db", "Server=db;User Id=sa;Password=db-secret;Encrypt=true");
        activity.SetTag("pem", "-----BEGIN EC PRIVATE KEY-----\npem-secret\n-----END EC PRIVATE KEY-----\n");
        activity.SetTag("text2", "sent bearer bearer-Secret1");
        activity.AddEvent(new ActivityEvent("event-name@canary.example", tags: new ActivityTagsCollection { ["note"] = "event-tag@canary.example" }));
        activity.AddException(new InvalidOperationException("exception-message@canary.example"));

        activity.SetTag("error.type", "authz.permission_missing");
        activity.SetTag("zerotrust.workload", "spiffe://example.test/orders");
        activity.SetTag("zerotrust.leaf_sha256", LeafSha256);
        activity.SetTag("zerotrust.listener", "edge");
        activity.SetTag("http.route", "/orders/{id}");
        activity.SetTag("http.request.method", "POST");
        activity.SetTag("url.clean", "http://127.0.0.1:9/orders?*");
    }

    private sealed class Note(string text)
    {
        public override string ToString() => text;
    }
}

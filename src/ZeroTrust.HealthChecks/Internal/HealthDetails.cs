using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace ZeroTrust.HealthChecks.Internal;

/// <summary>Everything health knows, as JSON, for operators on a management listener.</summary>
internal sealed class HealthDetails(ReadinessHub hub, IEnumerable<Weakening> weakenings, IEnumerable<IWeakeningSource> sources)
{
    private readonly Weakening[] _weakenings = [.. weakenings];
    private readonly IWeakeningSource[] _sources = [.. sources];

    public Task AnswerAsync(HttpContext context)
    {
        var body = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(body))
        {
            Write(json, hub.Current);
        }

        context.Response.ContentType = "application/json";
        context.Response.ContentLength = body.WrittenCount;
        context.Response.Headers.CacheControl = "no-store";
        return HttpMethods.IsHead(context.Request.Method)
            ? Task.CompletedTask
            : context.Response.Body.WriteAsync(body.WrittenMemory, context.RequestAborted).AsTask();
    }

    private void Write(Utf8JsonWriter json, ReadinessState state)
    {
        json.WriteStartObject();
        json.WriteNumber("version", state.Version);
        json.WriteString("since", state.At);
        json.WriteBoolean("live", state.IsLive);
        json.WriteBoolean("started", state.IsStarted);
        json.WriteBoolean("ready", state.IsReady);
        json.WriteBoolean("draining", state.IsDraining);
        json.WriteBoolean("serving", state.IsServing);
        json.WriteStartObject("services");
        foreach (var (service, isReady) in state.Services)
        {
            json.WriteBoolean(service, isReady);
        }

        json.WriteEndObject();
        json.WriteStartArray("dependencies");
        foreach (var dependency in state.Dependencies)
        {
            json.WriteStartObject();
            json.WriteString("name", dependency.Name);
            json.WriteString("state", dependency.State.ToString());
            json.WriteBoolean("critical", dependency.IsCritical);
            json.WriteBoolean("stale", dependency.IsStale);
            json.WriteString("reason", dependency.Reason);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("weakenings");
        foreach (var weakening in _weakenings.Concat(_sources.SelectMany(source => source.Weakenings)).Distinct())
        {
            json.WriteStartObject();
            json.WriteString("name", weakening.Name);
            json.WriteString("reason", weakening.Reason);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}

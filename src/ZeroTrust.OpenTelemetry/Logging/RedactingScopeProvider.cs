using Microsoft.Extensions.Logging;
using ZeroTrust.OpenTelemetry.Diagnostics;
using ZeroTrust.OpenTelemetry.Internal;

namespace ZeroTrust.OpenTelemetry.Logging;

/// <summary>Shows the scopes of another provider, redacted.</summary>
internal sealed class RedactingScopeProvider(IExternalScopeProvider inner, RedactionPlan plan, SurfaceRedactor surfaces, RedactionMetrics metrics) : IExternalScopeProvider
{
    public void ForEachScope<TState>(Action<object?, TState> callback, TState state) =>
        inner.ForEachScope(static (scope, call) => call.Callback(call.Self.Redact(scope), call.State), (Self: this, Callback: callback, State: state));

    public IDisposable Push(object? state) => inner.Push(state);

    private object? Redact(object? scope)
    {
        try
        {
            return scope switch
            {
                null => null,
                IEnumerable<KeyValuePair<string, object?>> tags => Redact(tags),
                string text => Text(text),
                _ => plan.RedactValue(scope, out _),
            };
        }
        catch (Exception)
        {
            metrics.Dropped(Signals.Scope, DropCauses.Failed);
            return RedactionPlan.Failed;
        }
    }

    private string Text(string text)
    {
        var redacted = false;
        return surfaces.Text(Signals.Scope, "text", text, ref redacted);
    }

    private List<KeyValuePair<string, object?>> Redact(IEnumerable<KeyValuePair<string, object?>> tags)
    {
        List<KeyValuePair<string, object?>> result = [];
        var redacted = false;
        foreach (var tag in tags)
        {
            result.Add(surfaces.Tag(Signals.Scope, "attribute", tag, ref redacted));
        }

        return result;
    }
}

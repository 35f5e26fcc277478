using Microsoft.Extensions.Logging;

namespace ZeroTrust.OpenTelemetry.Internal;

/// <summary>Shows the scopes of another provider, redacted.</summary>
internal sealed class RedactingScopeProvider(IExternalScopeProvider inner, RedactionPlan plan, RedactionMetrics metrics) : IExternalScopeProvider
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
                _ => plan.RedactValue(scope, out _),
            };
        }
        catch (Exception)
        {
            metrics.Dropped(RedactionMetrics.Scope);
            return RedactionPlan.Failed;
        }
    }

    private List<KeyValuePair<string, object?>> Redact(IEnumerable<KeyValuePair<string, object?>> tags)
    {
        List<KeyValuePair<string, object?>> redacted = [];
        foreach (var tag in tags)
        {
            redacted.Add(plan.RedactTag(tag, out _));
        }

        return redacted;
    }
}

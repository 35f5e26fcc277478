using Microsoft.Extensions.Logging;
using ZeroTrust.OpenTelemetry.Diagnostics;
using ZeroTrust.OpenTelemetry.Internal;
using ZeroTrust.Redaction;

namespace ZeroTrust.OpenTelemetry.Logging;

/// <summary>Shows the scopes of another provider, redacted.</summary>
internal sealed class RedactingScopeProvider(
    IExternalScopeProvider inner, RedactionPolicyProvider policies, SurfaceRedactor surfaces, ScopeMemory memory, RedactionMetrics metrics) : IExternalScopeProvider
{
    private List<object?>? _spare;

    /// <remarks>
    /// What is passed on does not contain <typeparamref name="TState"/>: a call that wraps it would be one of this method with a larger type, which a
    /// compiler that works ahead of time has to follow without end.
    /// </remarks>
    public void ForEachScope<TState>(Action<object?, TState> callback, TState state)
    {
        // Taken, since a callback that logs comes back here, and other threads do.
        var scopes = Interlocked.Exchange(ref _spare, null) ?? [];
        try
        {
            inner.ForEachScope(static (scope, found) => found.Add(scope), scopes);
            foreach (var scope in scopes)
            {
                callback(Redact(scope), state);
            }
        }
        finally
        {
            scopes.Clear();
            Volatile.Write(ref _spare, scopes);
        }
    }

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
                _ => policies.Current.RedactValue(scope, out _),
            };
        }
        catch (Exception)
        {
            metrics.Dropped(Signals.Scope, DropCauses.Failed);
            return RedactionPolicy.Failed;
        }
    }

    private string Text(string text)
    {
        var redacted = false;
        return surfaces.Text(Signals.Scope, "text", text, ref redacted);
    }

    private RedactedScope Redact(IEnumerable<KeyValuePair<string, object?>> tags)
    {
        if (memory.Find(tags) is { } known)
        {
            return known;
        }

        var result = tags is IReadOnlyList<KeyValuePair<string, object?>> list ? RedactList(list) : RedactAll(tags);
        memory.Add(tags, result);
        return result;
    }

    /// <summary>By index, as exporters read it, and without an enumerator.</summary>
    private RedactedScope RedactList(IReadOnlyList<KeyValuePair<string, object?>> tags)
    {
        var result = new KeyValuePair<string, object?>[tags.Count];
        var redacted = false;
        for (var i = 0; i < result.Length; i++)
        {
            result[i] = surfaces.Tag(Signals.Scope, "attribute", tags[i], ref redacted);
        }

        return new RedactedScope(result);
    }

    private RedactedScope RedactAll(IEnumerable<KeyValuePair<string, object?>> tags)
    {
        List<KeyValuePair<string, object?>> result = [];
        var redacted = false;
        foreach (var tag in tags)
        {
            result.Add(surfaces.Tag(Signals.Scope, "attribute", tag, ref redacted));
        }

        return new RedactedScope([.. result]);
    }
}

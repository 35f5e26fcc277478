using System.Collections.Concurrent;
using System.Collections.Frozen;
using Microsoft.Extensions.Options;

namespace ZeroTrust.OpenTelemetry.Internal;

/// <summary>The one compiled answer to what happens to an attribute, shared by spans, logs and scopes.</summary>
internal sealed class RedactionPlan
{
    public const string Erased = "[erased]";
    public const string Failed = "[redaction failed]";
    private const string ExceptionMessage = "exception.message";
    private const string ExceptionStackTrace = "exception.stacktrace";
    private const int MaxCachedKeys = 4096;

    private readonly FrozenDictionary<string, RedactionAction> _exact;
    private readonly (string Prefix, RedactionAction Action)[] _prefixes;
    private readonly RedactionAction _otherwise;
    private readonly ValueRedactor _values;
    private readonly ConcurrentDictionary<string, KeyPlan> _keys = new(StringComparer.Ordinal);
    private int _cachedKeys;

    public RedactionPlan(IOptions<RedactionOptions> options)
    {
        var settings = Read(options);
        Dictionary<string, RedactionAction> exact = new(StringComparer.OrdinalIgnoreCase);
        Dictionary<string, RedactionAction> prefixes = new(StringComparer.OrdinalIgnoreCase);
        foreach (var (key, action) in DefaultRules.All.Concat(settings.Rules.Select(static rule => (rule.Key, rule.Action))))
        {
            if (key.EndsWith('*'))
            {
                prefixes[key[..^1]] = action;
            }
            else
            {
                exact[key] = action;
            }
        }

        // A stack trace begins with the message: hiding one without the other hides nothing.
        if (exact[ExceptionMessage] != RedactionAction.Keep && exact[ExceptionStackTrace] == RedactionAction.Keep)
        {
            exact[ExceptionStackTrace] = RedactionAction.Erase;
        }

        _exact = exact.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
        _prefixes = [.. prefixes.OrderByDescending(static rule => rule.Key.Length).Select(static rule => (rule.Key, rule.Value))];
        _otherwise = settings.Mode == RedactionMode.KeepOnly ? RedactionAction.Erase : RedactionAction.Keep;
        _values = new ValueRedactor(this, settings.TokenKey is { } key64 && Tokenizer.TryDecodeKey(key64, out var tokenKey) ? new Tokenizer(tokenKey) : null);
    }

    public KeyValuePair<string, object?> RedactTag(in KeyValuePair<string, object?> tag, out bool redacted) => RedactTag(tag, 0, out redacted);

    public KeyValuePair<string, object?> RedactTag(in KeyValuePair<string, object?> tag, int depth, out bool redacted)
    {
        var key = PlanFor(tag.Key ?? "");
        redacted = false;
        var value = tag.Value is null ? null : _values.Redact(key, tag.Value, depth, out redacted);
        redacted |= key.IsRenamed;
        return ReferenceEquals(value, tag.Value) && !key.IsRenamed ? tag : new(key.Name, value);
    }

    /// <summary>Redacts a text that has no key of its own; the same reference when nothing is found.</summary>
#pragma warning disable CA1822 // the plan decides what its texts are searched for
    public string RedactText(string text) => TextRedactor.Redact(text);
#pragma warning restore CA1822

    /// <summary>Redacts a value that has no key of its own.</summary>
    public object RedactValue(object value, out bool redacted) => _values.Redact(new KeyPlan("", RedactionAction.Keep, IsRenamed: false), value, 0, out redacted);

    // The first log record asks for the plan before options are validated at start. That validation tells all faults at once and stops
    // the host; until then nothing but what the built-in rules keep goes out.
    private static RedactionOptions Read(IOptions<RedactionOptions> options)
    {
        try
        {
            return options.Value;
        }
        catch (OptionsValidationException)
        {
            return new RedactionOptions { Mode = RedactionMode.KeepOnly };
        }
    }

    private KeyPlan PlanFor(string key)
    {
        if (_keys.TryGetValue(key, out var plan))
        {
            return plan;
        }

        var name = TextRedactor.Redact(key);
        plan = new KeyPlan(name, ActionFor(key), !ReferenceEquals(name, key));

        // Keys made from user input must not fill the memory; those beyond the limit are worked out each time.
        if (Volatile.Read(ref _cachedKeys) < MaxCachedKeys && _keys.TryAdd(key, plan))
        {
            Interlocked.Increment(ref _cachedKeys);
        }

        return plan;
    }

    private RedactionAction ActionFor(string key)
    {
        if (_exact.TryGetValue(key, out var action))
        {
            return action;
        }

        foreach (var rule in _prefixes)
        {
            if (key.StartsWith(rule.Prefix, StringComparison.OrdinalIgnoreCase))
            {
                return rule.Action;
            }
        }

        return _otherwise;
    }
}

using ZeroTrust.OpenTelemetry.Diagnostics;
using ZeroTrust.Redaction;

namespace ZeroTrust.OpenTelemetry.Internal;

/// <summary>Runs the policy over one surface of a record, and counts and tells what it redacted.</summary>
internal sealed class SurfaceRedactor(RedactionPolicyProvider policies, RedactionMetrics metrics, RedactionReport report)
{
    private const string NoKey = "(text)";

    /// <summary>Redacts an attribute.</summary>
    /// <param name="signal">One of <see cref="Signals"/>.</param>
    /// <param name="surface">Where in the record.</param>
    /// <param name="tag">The attribute.</param>
    /// <param name="redacted">Set when something was redacted, else left as it is.</param>
    /// <param name="isOwn">Whether the record is one of redaction's own, which must not be told of again.</param>
    public KeyValuePair<string, object?> Tag(string signal, string surface, in KeyValuePair<string, object?> tag, ref bool redacted, bool isOwn = false) =>
        Tag(signal, surface, tag, surface, static _ => null, ref redacted, isOwn);

    /// <summary>Redacts an attribute of a record that may name the database that a statement is for.</summary>
    /// <typeparam name="TRecord">The type of the record.</typeparam>
    /// <param name="signal">As for the other overload.</param>
    /// <param name="surface">Where in the record.</param>
    /// <param name="tag">The attribute.</param>
    /// <param name="record">The record.</param>
    /// <param name="databaseSystem">Reads the database from the record; asked for a statement only.</param>
    /// <param name="redacted">Set when something was redacted, else left as it is.</param>
    /// <param name="isOwn">As for the other overload.</param>
    public KeyValuePair<string, object?> Tag<TRecord>(
        string signal, string surface, in KeyValuePair<string, object?> tag, TRecord record, Func<TRecord, string?> databaseSystem, ref bool redacted, bool isOwn = false)
    {
        var result = policies.Current.RedactTag(tag, record, databaseSystem, out var tagRedacted);
        if (tagRedacted)
        {
            redacted = true;
            Tell(signal, surface, result.Key, RuleOf(tag, result), isOwn);
        }

        return result;
    }

    /// <summary>Redacts a text; the same reference when nothing is found.</summary>
    /// <param name="signal">One of <see cref="Signals"/>.</param>
    /// <param name="surface">Where in the record.</param>
    /// <param name="text">The text.</param>
    /// <param name="redacted">Set when something was redacted, else left as it is.</param>
    /// <param name="isOwn">As for <see cref="Tag"/>.</param>
    public string Text(string signal, string surface, string text, ref bool redacted, bool isOwn = false)
    {
        var result = policies.Current.RedactText(text);
        if (!ReferenceEquals(result, text))
        {
            redacted = true;
            Tell(signal, surface, NoKey, RuleKinds.Detector, isOwn);
        }

        return result;
    }

    private string RuleOf(in KeyValuePair<string, object?> tag, in KeyValuePair<string, object?> result)
    {
        if (!ReferenceEquals(result.Key, tag.Key))
        {
            return RuleKinds.Name;
        }

        return policies.Current.Keeps(tag.Key ?? "") ? RuleKinds.Detector : RuleKinds.Key;
    }

    private void Tell(string signal, string surface, string key, string rule, bool isOwn)
    {
        metrics.Value(signal, rule);
        if (!isOwn)
        {
            report.Redacted(signal, surface, key, rule);
        }
    }
}

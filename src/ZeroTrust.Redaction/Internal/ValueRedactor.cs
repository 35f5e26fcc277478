using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Compliance.Redaction;
using ZeroTrust.Redaction.Detectors;
using ZeroTrust.Redaction.Names;
using ZeroTrust.Redaction.Rules;
using ZeroTrust.Redaction.Statements;
using ZeroTrust.Redaction.Text;

namespace ZeroTrust.Redaction.Internal;

/// <summary>Applies the plan of a key to a value of any type. A value that stays is returned as the same reference; nothing is edited in place.</summary>
internal static class ValueRedactor
{
    private const int MaxDepth = 4;
    private const long SmallestCardNumber = 1_000_000_000_000;

    /// <summary>What redactors of the application wrote. A second pass knows it by its reference, as it has no shape to know it by.</summary>
    private static readonly ConditionalWeakTable<string, object> Classified = [];

    public static KeyValuePair<string, object?> RedactTag(RedactionPolicy plan, KeyPlan key, in KeyValuePair<string, object?> tag, int depth, out bool redacted)
    {
        redacted = false;
        var value = tag.Value is null ? null : Redact(plan, key, tag.Value, depth, out redacted);
        redacted |= key.IsRenamed;
        return ReferenceEquals(value, tag.Value) && !key.IsRenamed ? tag : new(key.Name, value);
    }

    public static object Redact(RedactionPolicy plan, KeyPlan key, object value, int depth, out bool redacted)
    {
        if (key.Decision.Action is RedactionAction.Erase or RedactionAction.Unspecified || depth > MaxDepth)
        {
            return Whole(value, RedactionPolicy.Erased, out redacted);
        }

        return value switch
        {
            string text => Whole(value, Transform(plan, key, text), out redacted),
            char[] characters => AsText(plan, key, new string(characters), out redacted),
            Array { Rank: 1 } array => Elements(plan, key, array, depth, out redacted),
            IEnumerable<KeyValuePair<string, object?>> map when key.IsKept => Map(plan, map, depth, out redacted),
            _ when key.IsKept && IsHarmless(value) && (key.Told == SecretKind.None || value is bool or Enum) => Same(value, out redacted),
            _ when key.IsKept && (IsHarmless(value) || IsNumber(value)) => Number(plan, key, value, out redacted),
            _ => AsText(plan, key, Convert.ToString(value, CultureInfo.InvariantCulture) ?? "", out redacted),
        };
    }

    /// <summary>A number keeps its type where nothing is found in it; one that its key calls an id is no card.</summary>
    private static object Number(RedactionPolicy plan, KeyPlan key, object value, out bool redacted)
    {
        var text = Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
        var transformed = key.Told == SecretKind.None && CardContext.NamesId(key.Name, key.Name.Length) ? text : Transform(plan, key, text);
        redacted = transformed != text;
        return redacted ? transformed : value;
    }

    private static bool IsNumber(object value) => value is long or ulong or double or decimal or Int128 or UInt128 or Half or BigInteger;

    private static object Same(object value, out bool redacted)
    {
        redacted = false;
        return value;
    }

    private static object Whole(object value, string replacement, out bool redacted)
    {
        redacted = value as string != replacement;
        return redacted ? replacement : value;
    }

    /// <summary>Fixes the text now: an object that the application changes later must not change what is exported.</summary>
    private static object AsText(RedactionPolicy plan, KeyPlan key, string text, out bool redacted) =>
        Whole(text, Transform(plan, key, text), out redacted);

    private static object Elements(RedactionPolicy plan, KeyPlan key, Array array, int depth, out bool redacted)
    {
        redacted = false;
        if (key.IsKept && key.Told == SecretKind.None && array is byte[] or sbyte[] or short[] or ushort[] or int[] or uint[] or bool[] or float[])
        {
            return array;
        }

        object?[]? copy = null;
        for (var i = 0; i < array.Length; i++)
        {
            if (array.GetValue(i) is not { } element)
            {
                continue;
            }

            var result = Redact(plan, key, element, depth + 1, out var elementRedacted);
            redacted |= elementRedacted;
            if (elementRedacted || (copy is not null ? !ReferenceEquals(result, copy[i]) : result is string && element is not string))
            {
                copy ??= Copy(array);
                copy[i] = result;
            }
        }

        if (copy is null)
        {
            return array;
        }

        return array is string[]? Array.ConvertAll(copy, static element => (string?)element) : copy;
    }

    private static object?[] Copy(Array array)
    {
        var copy = new object?[array.Length];
        for (var i = 0; i < copy.Length; i++)
        {
            copy[i] = array.GetValue(i);
        }

        return copy;
    }

    private static List<KeyValuePair<string, object?>> Map(RedactionPolicy plan, IEnumerable<KeyValuePair<string, object?>> map, int depth, out bool redacted)
    {
        redacted = false;
        List<KeyValuePair<string, object?>> copy = [];
        foreach (var entry in map)
        {
            copy.Add(RedactTag(plan, plan.PlanFor(entry.Key ?? ""), entry, depth + 1, out var entryRedacted));
            redacted |= entryRedacted;
        }

        return copy;
    }

    private static string Transform(RedactionPolicy plan, KeyPlan key, string text) => key.Decision.Action switch
    {
        RedactionAction.Keep => SecretValue.IsSecret(key.Told, Evidence.Member, text) ? PairReader.Marker : plan.Text.Redact(text),
        RedactionAction.Mask => ValueMask.Apply(text),
        RedactionAction.Token when plan.Tokenizer is { } tokenizer => tokenizer.Tokenize(key.Name, text),
        RedactionAction.Truncate => Truncate(plan, text, key.Decision.Length),
        RedactionAction.StripLiterals => plan.Statements.Redact(text, databaseSystem: null),
        RedactionAction.StripIds => plan.Text.Redact(UrlIds.Strip(text)),
        RedactionAction.Classified when key.Decision.Redactor is { } redactor => Classify(redactor, text),
        _ => RedactionPolicy.Erased,
    };

    /// <summary>Redacted before the cut, which could make half a secret unknowable, and behind it, as the cut can make a secret out of what was none.</summary>
    private static string Truncate(RedactionPolicy plan, string text, int length)
    {
        text = plan.Text.Redact(text);
        if (text.Length <= length)
        {
            return text;
        }

        length -= char.IsHighSurrogate(text[length - 1]) ? 1 : 0;
        text = plan.Text.Redact(text[..length]);
        return text.Length <= length ? text : text[..length];
    }

    private static string Classify(Redactor redactor, string text)
    {
        if (Classified.TryGetValue(text, out _))
        {
            return text;
        }

        // A copy: the table must not take a constant of the redactor, or the value itself where the redactor keeps it, for its work elsewhere.
        var redacted = new string(redactor.Redact(text).AsSpan());
        if (redacted.Length > 0)
        {
            Classified.AddOrUpdate(redacted, redactor);
        }

        return redacted;
    }

    /// <summary>Types whose text is made by the platform and cannot hold what a detector looks for.</summary>
    private static bool IsHarmless(object value) => value switch
    {
        long number => number < SmallestCardNumber,
        ulong number => number < SmallestCardNumber,
        double number => !(number >= SmallestCardNumber),
        decimal number => number < SmallestCardNumber,
        bool or int or uint or short or ushort or byte or sbyte or float or char or Enum => true,
        Guid or DateTime or DateTimeOffset or TimeSpan or DateOnly or TimeOnly => true,
        _ => false,
    };
}

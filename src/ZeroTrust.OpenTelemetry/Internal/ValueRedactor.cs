using System.Globalization;

namespace ZeroTrust.OpenTelemetry.Internal;

/// <summary>Applies the plan of a key to a value of any type. A value that stays is returned as the same reference; nothing is edited in place.</summary>
internal sealed class ValueRedactor(RedactionPlan plan, Tokenizer? tokenizer)
{
    private const int MaxDepth = 4;
    private const long SmallestCardNumber = 1_000_000_000_000;

    public object Redact(in KeyPlan key, object value, int depth, out bool redacted)
    {
        if (key.Action is not (RedactionAction.Keep or RedactionAction.Mask or RedactionAction.Token) || depth > MaxDepth)
        {
            return Whole(value, RedactionPlan.Erased, out redacted);
        }

        return value switch
        {
            string text => Whole(value, Transform(key, text), out redacted),
            char[] characters => AsText(key, new string(characters), out redacted),
            Array { Rank: 1 } array => Elements(key, array, depth, out redacted),
            IEnumerable<KeyValuePair<string, object?>> map when key.Action == RedactionAction.Keep => Map(map, depth, out redacted),
            _ when key.Action == RedactionAction.Keep && IsHarmless(value) => Same(value, out redacted),
            _ => AsText(key, Convert.ToString(value, CultureInfo.InvariantCulture) ?? "", out redacted),
        };
    }

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
    private object AsText(in KeyPlan key, string text, out bool redacted) => Whole(text, Transform(key, text), out redacted);

    private object Elements(in KeyPlan key, Array array, int depth, out bool redacted)
    {
        redacted = false;
        if (key.Action == RedactionAction.Keep && array is byte[] or sbyte[] or short[] or ushort[] or int[] or uint[] or bool[] or float[])
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

            var result = Redact(key, element, depth + 1, out var elementRedacted);
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

    private List<KeyValuePair<string, object?>> Map(IEnumerable<KeyValuePair<string, object?>> map, int depth, out bool redacted)
    {
        redacted = false;
        List<KeyValuePair<string, object?>> copy = [];
        foreach (var entry in map)
        {
            copy.Add(plan.RedactTag(entry, depth + 1, out var entryRedacted));
            redacted |= entryRedacted;
        }

        return copy;
    }

    private string Transform(in KeyPlan key, string text) => key.Action switch
    {
        RedactionAction.Keep => TextRedactor.Redact(text),
        RedactionAction.Mask => Mask(text),
        RedactionAction.Token when tokenizer is not null => tokenizer.Tokenize(key.Name, text),
        _ => RedactionPlan.Erased,
    };

    private static string Mask(string text)
    {
        const int Shown = 4;
        var hidden = text.Length > 2 * Shown ? text.Length - Shown : text.Length;
        return string.Concat(new string('*', hidden), text.AsSpan(hidden));
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

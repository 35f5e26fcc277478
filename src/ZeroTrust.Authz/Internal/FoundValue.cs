using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using ZeroTrust.Jose;

namespace ZeroTrust.Authz.Internal;

/// <summary>Describes what stands in a claim for the receiver's log: kind, length and what is wrong with the form, never the value.</summary>
internal static class FoundValue
{
    /// <summary>9999-12-31T23:59:59Z, in seconds.</summary>
    internal const long MaxSeconds = 253402300799;

    /// <summary>Whether text is printable ASCII alone.</summary>
    internal static bool IsPlain(ReadOnlySpan<char> text) => !text.ContainsAnyExceptInRange(' ', '~');

    /// <summary>Describes any value.</summary>
    internal static string Describe(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => DescribeText(value.GetString()!),
        JsonValueKind.Number => "a number",
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.Null => "null",
        _ => "true or false",
    };

    /// <summary>Describes what is no moment in whole seconds.</summary>
    internal static string DescribeTime(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Number)
        {
            return Describe(value);
        }

        var digits = JsonMarshal.GetRawUtf8Value(value);
        if (digits[0] == '-')
        {
            return digits.SequenceEqual("-0"u8) ? "a number: minus zero" : "a number: it is negative";
        }

        if (digits.ContainsAny("eE"u8))
        {
            return "a number: it is written with an exponent";
        }

        return digits.Contains((byte)'.')
            ? "a number: it is written with a fraction"
            : string.Create(
                CultureInfo.InvariantCulture,
                $"a number: it has {digits.Length} digits and is above {MaxSeconds}, as milliseconds in place of seconds are");
    }

    /// <summary>Describes what is not base64url of a number of bytes.</summary>
    internal static string DescribeBase64Url(JsonElement value) =>
        value.ValueKind == JsonValueKind.String && CanonicalBase64Url.FindFault(value.GetString()) is { } fault
            ? $"{Describe(value)}: {fault}"
            : Describe(value);

    /// <summary>Describes what is no set of permissions.</summary>
    internal static string DescribeScope(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.String)
        {
            return Describe(value);
        }

        var words = value.GetString()!.Split(' ');
        if (words.Contains(string.Empty, StringComparer.Ordinal))
        {
            return $"{Describe(value)}: it has a space too many";
        }

        var repeated = words.Distinct(StringComparer.Ordinal).Count() < words.Length;
        return $"{Describe(value)}: {words.Length} permissions, {(repeated ? "one of them twice" : "each once")}";
    }

    private static string DescribeText(string text)
    {
        var length = $"a string of {text.Length} characters";
        return IsPlain(text) ? length : $"{length}, not all of them printable ASCII";
    }
}

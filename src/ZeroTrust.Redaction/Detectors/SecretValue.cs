using System.Buffers;

namespace ZeroTrust.Redaction.Detectors;

/// <summary>Whether what stands behind a telling name is a secret, or stands for one.</summary>
internal static class SecretValue
{
    private const int ShortestRandom = 8;
    private const int ShortestWithoutDigits = 16;
    private const int LongestPlaceholder = 64;
    private const double LeastEntropy = 2.5;
    private const double LeastEntropyWithoutDigits = 3.5;
    private const string Openings = "<{$%[`*";

    private static readonly SearchValues<char> VariableName = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789");

    private static readonly string[] Constants = ["null", "none", "nil", "true", "false", "undefined", "redacted", "removed", "hidden", "masked", UrlUserInfoDetector.Marker];

    /// <summary>Whether the value has to go.</summary>
    /// <param name="kind">What the name tells.</param>
    /// <param name="value">The value, or its first 256 characters.</param>
    public static bool IsSecret(SecretKind kind, ReadOnlySpan<char> value) => kind switch
    {
        SecretKind.Any => value.Length > 0 && !IsPlaceholder(value),
        SecretKind.Line => value.Length > 0 && !IsPlaceholder(value) && !IsPlaceholder(WithoutScheme(value)),
        _ => !IsPlaceholder(value) && LooksDrawn(value),
    };

    public static bool LooksDrawn(ReadOnlySpan<char> value)
    {
        if (value.Length < ShortestRandom || LongestWord(value) < ShortestRandom || Randomness.HasPlaceholderRun(value) || Randomness.IsHandwrittenHex(value))
        {
            return false;
        }

        var hasDigit = value.ContainsAny(Characters.Decimal);
        var hasLower = value.ContainsAny(Characters.LowerLetters);
        var hasUpper = value.ContainsAny(Characters.UpperLetters);
        return hasDigit && (hasLower || hasUpper)
            ? Randomness.Entropy(value) >= LeastEntropy
            : hasLower && hasUpper && value.Length >= ShortestWithoutDigits && Randomness.Entropy(value) >= LeastEntropyWithoutDigits;
    }

    /// <summary>What is drawn has a long stretch without a separator; names and versions do not: <c>jackson-0.11.2</c>.</summary>
    private static int LongestWord(ReadOnlySpan<char> value)
    {
        var (longest, word) = (0, 0);
        foreach (var character in value)
        {
            word = char.IsAsciiLetterOrDigit(character) ? word + 1 : 0;
            longest = Math.Max(longest, word);
        }

        return longest;
    }

    /// <summary>A marker of ours, a variable, a template or a row of asterisks.</summary>
    public static bool IsPlaceholder(ReadOnlySpan<char> value)
    {
        value = value.Trim("\"' ,;)");
        if (value.IsEmpty)
        {
            return true;
        }

        foreach (var constant in Constants)
        {
            if (value.Equals(constant, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return Openings.Contains(value[0], StringComparison.Ordinal) ? IsTemplate(value) : (value.Length > 1 && value.IndexOfAnyExcept(value[0]) < 0) || Randomness.IsMostlyPlaceholder(value);
    }

    private static bool IsTemplate(ReadOnlySpan<char> value) => value[0] switch
    {
        '<' => value.Length <= LongestPlaceholder && value.IndexOf('>') is var end && (end == value.Length - 1 || end < 0),
        '{' => value.StartsWith("{{", StringComparison.Ordinal) || (value.Length <= LongestPlaceholder && value[^1] == '}'),
        '[' => value.Length <= LongestPlaceholder && value[^1] == ']' && value[1..^1].IndexOfAnyExcept(Characters.LowerLetters) is var other && (other < 0 || value[other + 1] is ':' or '-'),
        '%' => value.Length is 2 or 3 || (value.Length > 1 && value[1] is '(' or '{' or '%') || value[^1] == '%',
        '$' => value.Length > 1 && (value[1] is '{' or '(' || !value[1..].ContainsAnyExcept(VariableName)),
        '`' => true,
        _ => value.IndexOfAnyExcept('*') < 0,
    };

    private static ReadOnlySpan<char> WithoutScheme(ReadOnlySpan<char> value) => value[(value.IndexOf(' ') + 1)..];
}

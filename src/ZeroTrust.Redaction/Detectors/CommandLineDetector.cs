using System.Buffers;

namespace ZeroTrust.Redaction.Detectors;

/// <summary>The password in an argument of a command line: <c>curl -u user:…</c>, <c>--password …</c>.</summary>
internal readonly struct CommandLineDetector : IBuiltInDetector
{
    private const string Marker = "[secret]";
    private const int Sample = 256;

    private static readonly SearchValues<string> Options = SearchValues.Create([" -u ", " --user ", " --proxy-user ", " --password ", " --token ", " --api-key ", " --secret "], StringComparison.Ordinal);

    public static bool TryFind(ReadOnlySpan<char> text, int from, out Finding finding)
    {
        for (var at = from; text[at..].IndexOfAny(Options) is >= 0 and var found;)
        {
            at += found + 2;
            var option = text[at..][..text[at..].IndexOf(' ')];
            at += option.Length;
            var start = at + (text[at..].Length - text[at..].TrimStart(' ').Length);
            var quote = start < text.Length && text[start] is '"' or '\'' ? text[start++] : '\0';
            var value = text[start..];
            value = value[..Math.Min(value.Length, Sample)];
            var end = quote == '\0' ? value.IndexOfAny(" \t\r\n") : value.IndexOf(quote);
            value = end < 0 ? value : value[..end];
            if (IsSecret(option, value))
            {
                end = quote == '\0' ? text[start..].IndexOfAny(" \t\r\n") : text[start..].IndexOf(quote);
                finding = new(start, end < 0 ? text.Length - start : end, Marker);
                return true;
            }
        }

        finding = default;
        return false;
    }

    private static bool IsSecret(ReadOnlySpan<char> option, ReadOnlySpan<char> value)
    {
        if (!option.EndsWith("u") && !option.EndsWith("user"))
        {
            return SecretValue.IsSecret(option.EndsWith("token") || option.EndsWith("key") ? SecretKind.Random : SecretKind.Any, value);
        }

        // A user with a password that is more than a word: "username:token" is how to call a program.
        var colon = value.IndexOf(':');
        return colon >= 0 && (IsPassword(value[(colon + 1)..]) || (colon == value.Length - 1 && IsPassword(value[..colon])));
    }

    private static bool IsPassword(ReadOnlySpan<char> text) =>
        text.Length > 0 && !SecretValue.IsPlaceholder(text) && text.ContainsAnyExcept(Characters.LowerLetters);
}

using ZeroTrust.Redaction.Detectors;

namespace ZeroTrust.Redaction.Statements;

/// <summary>Cuts the value off a Memcached command, which stands on the lines behind it.</summary>
internal static class MemcachedValue
{
    private const int FewestWords = 5;

    /// <summary>Whether the text is a storage command: verb, key, flags, expiry and size.</summary>
    public static bool Applies(ReadOnlySpan<char> text)
    {
        if (text.IndexOf(' ') is not (> 0 and var verb) || text[..verb] is not ("set" or "add" or "replace" or "append" or "prepend" or "cas"))
        {
            return false;
        }

        var end = text.IndexOf('\r');
        var line = end < 0 ? text : text[..end];
        Span<Range> words = stackalloc Range[FewestWords + 1];
        return line.Split(words, ' ') >= FewestWords && IsNumber(line[words[2]]) && IsNumber(line[words[3]]);
    }

    public static string Strip(string command)
    {
        var end = command.IndexOf('\r', StringComparison.Ordinal);
        return end < 0 ? command : command[..end];
    }

    private static bool IsNumber(ReadOnlySpan<char> text) => text.Length > 0 && !text.ContainsAnyExcept(Characters.Decimal);
}

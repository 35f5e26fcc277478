namespace ZeroTrust.Redaction.Rules;

/// <summary>A key with wildcards: each <c>*</c> stands for any characters, none included. Matched in one pass, as no part of a pattern is looked for twice.</summary>
internal sealed class KeyPattern
{
    public const char Wildcard = '*';

    private readonly string[] _parts;
    private readonly StringComparison _comparison;

    public KeyPattern(string pattern, StringComparison comparison = StringComparison.OrdinalIgnoreCase)
    {
        _parts = pattern.Split(Wildcard);
        _comparison = comparison;
        Text = pattern;
    }

    public string Text { get; }

    /// <summary>The longest text that every matching key holds; empty for wildcards alone.</summary>
    public string LongestPart => _parts.MaxBy(static part => part.Length) ?? "";

    public bool IsMatch(ReadOnlySpan<char> key)
    {
        if (_parts.Length == 1)
        {
            return key.Equals(_parts[0], _comparison);
        }

        if (!key.StartsWith(_parts[0], _comparison))
        {
            return false;
        }

        key = key[_parts[0].Length..];
        foreach (var part in _parts.AsSpan(1, _parts.Length - 2))
        {
            var found = key.IndexOf(part, _comparison);
            if (found < 0)
            {
                return false;
            }

            key = key[(found + part.Length)..];
        }

        return key.EndsWith(_parts[^1], _comparison);
    }
}

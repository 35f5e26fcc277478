using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace ZeroTrust.Redaction.Tokens;

/// <summary>
/// Reads a pattern: literals, with <c>\</c> before what has a meaning; classes such as <c>[A-Za-z0-9_-]</c>, each with <c>{n}</c>,
/// <c>{n,m}</c> or <c>{n,}</c>; and one <c>(…)</c> to the end around what is redacted, where the beginning is only a label.
/// </summary>
internal sealed class TokenPatternParser
{
    public const int MaxParts = 32;
    private const int MaxCount = 4096;
    private const int Ascii = 128;
    private const string Special = @".\[]{}()*+?|^$";
    private const string Unclosed = "a class or count is not closed";

    private readonly string _pattern;
    private readonly List<TokenPart> _parts = [];
    private readonly StringBuilder _literal = new();
    private int _at;
    private int _value;

    private TokenPatternParser(string pattern) => _pattern = pattern;

    /// <summary>Reads the pattern.</summary>
    /// <param name="pattern">The pattern.</param>
    /// <param name="parsed">What was read.</param>
    /// <param name="error">What is wrong with it.</param>
    public static bool TryParse(string pattern, [NotNullWhen(true)] out TokenPattern? parsed, [NotNullWhen(false)] out string? error)
    {
        var parser = new TokenPatternParser(pattern);
        parsed = null;
        error = parser.Read() ?? parser.FaultOfParts();
        if (error is null)
        {
            parsed = new TokenPattern([.. parser._parts], parser._value);
            error = FaultOfAnchor(parsed);
        }

        return error is null;
    }

    private string? Read()
    {
        while (_at < _pattern.Length)
        {
            if (ReadNext() is { } error)
            {
                return error;
            }
        }

        EndLiteral();
        return _parts.Count > MaxParts ? $"it has more than {MaxParts} parts" : null;
    }

    private string? ReadNext()
    {
        var character = _pattern[_at++];
        switch (character)
        {
            case '[':
                EndLiteral();
                return ReadClass();
            case '(' when _value == 0 && _pattern[^1] == ')':
                EndLiteral();
                _value = _parts.Count;
                return null;
            case ')' when _value > 0 && _at == _pattern.Length:
                return null;
            case '\\' when _at < _pattern.Length && Special.Contains(_pattern[_at], StringComparison.Ordinal):
                _literal.Append(_pattern[_at++]);
                return null;
            case var _ when Special.Contains(character, StringComparison.Ordinal):
                return $"'{character}' at {_at - 1} has no meaning here";
            default:
                _literal.Append(character);
                return null;
        }
    }

    private void EndLiteral()
    {
        if (_literal.Length > 0)
        {
            _parts.Add(new TokenPart(_literal.ToString()));
            _literal.Clear();
        }
    }

    private string? ReadClass()
    {
        var end = _pattern.IndexOf(']', _at);
        if (end < 0 || end + 1 >= _pattern.Length || _pattern[end + 1] != '{')
        {
            return "a class has no count behind it";
        }

        var letters = Letters(_pattern.AsSpan(_at, end - _at));
        _at = end + 2;
        end = _pattern.IndexOf('}', _at);
        if (end < 0)
        {
            return Unclosed;
        }

        var count = _pattern[_at..end].Split(',');
        _at = end + 1;
        if (letters is null)
        {
            return "a class is empty, begins with ^ or has a character that is not ASCII";
        }

        var most = count[^1].Length == 0 && count.Length == 2 ? TokenPart.Any : Number(count[^1]);
        var least = Number(count[0]);
        if (count.Length > 2 || least < 0 || most < Math.Max(1, least))
        {
            return $"a count is {{n}}, {{n,m}} or {{n,}} with at most {MaxCount}";
        }

        _parts.Add(new TokenPart("", letters, least, most));
        return null;
    }

    private static int Number(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= MaxCount ? number : -1;

    private static string? Letters(ReadOnlySpan<char> text)
    {
        Span<bool> letters = stackalloc bool[Ascii];
        for (var i = 0; i < text.Length; i++)
        {
            var last = i + 2 < text.Length && text[i + 1] == '-' ? text[i + 2] : text[i];
            for (var letter = text[i]; letter <= last && letter < Ascii; letter++)
            {
                letters[letter] = true;
            }

            i += last == text[i] ? 0 : 2;
        }

        return text is [] or ['^', ..] || !System.Text.Ascii.IsValid(text) ? null : Written(letters);
    }

    /// <summary>The letters in order; <see langword="null"/> of none.</summary>
    private static string? Written(ReadOnlySpan<bool> letters)
    {
        Span<char> written = stackalloc char[Ascii];
        var count = 0;
        for (var letter = 0; letter < letters.Length; letter++)
        {
            if (letters[letter])
            {
                written[count++] = (char)letter;
            }
        }

        return count == 0 ? null : written[..count].ToString();
    }

    /// <summary>What keeps a pattern that can be read from being found, or from being found in one way only.</summary>
    private string? FaultOfParts()
    {
        if (!_parts.Exists(static part => part.IsLiteral))
        {
            return "it has no literal";
        }

        for (var i = 0; i + 1 < _parts.Count; i++)
        {
            var next = _parts[i + 1];
            if (!_parts[i].IsFixed && _parts[i].Letters.AsSpan().ContainsAny(next.IsLiteral ? next.Literal.AsSpan(0, 1) : next.Letters))
            {
                return "a class of varying length is followed by what may belong to it";
            }
        }

        return null;
    }

    private static string? FaultOfAnchor(TokenPattern pattern)
    {
        if (pattern.Parts[..pattern.Anchor].Skip(1).Any(static part => !part.IsFixed))
        {
            return "only the first class before its longest literal may vary in length";
        }

        var behind = pattern.Anchor + 1 == pattern.Parts.Length ? 0 : pattern.Parts[pattern.Anchor + 1].Min;
        return pattern.AnchorText.Length + behind <= TokenPattern.ShortAnchor ? "behind a literal of two characters something has to stand" : null;
    }
}

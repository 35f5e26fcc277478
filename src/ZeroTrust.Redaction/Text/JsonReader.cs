using System.Buffers;
using System.Runtime.InteropServices;
using ZeroTrust.Redaction.Detectors;
using ZeroTrust.Redaction.Names;

namespace ZeroTrust.Redaction.Text;

/// <summary>
/// Reads an object or an array of JSON (RFC 8259) within a text, also one that was cut off, and keeps what it leaves well-formed: of a
/// string the characters
/// are replaced, another value by a string.
/// </summary>
internal ref struct JsonReader
{
    private const int MaxDepth = 64;
    private const int FewestCardDigits = 13;
    private const int LongestEscaped = 256;

    private static readonly SearchValues<char> ScalarEnds = SearchValues.Create(",]} \t\r\n");

    private readonly TextScanner _scanner;
    private readonly TextView _view;
    private readonly ReadOnlySpan<char> _text;
    private readonly int _depth;
    private readonly Span<Level> _levels;
    private int _open;
    private int _at;
    private bool _hasString;

    private JsonReader(TextScanner scanner, in TextView view, int at, int depth, Span<Level> levels)
    {
        _scanner = scanner;
        _view = view;
        _text = view.Text;
        _at = at;
        _depth = depth;
        _levels = levels;
    }

    /// <summary>Reads what begins at a bracket or brace.</summary>
    /// <param name="scanner">Searches the strings.</param>
    /// <param name="view">The text.</param>
    /// <param name="at">The bracket or brace.</param>
    /// <param name="kind">What the name in front of it tells.</param>
    /// <param name="depth">How deep the text lies in others.</param>
    /// <returns>Where it ends; <paramref name="at"/> where it is no JSON.</returns>
    public static int Read(TextScanner scanner, in TextView view, int at, SecretKind kind, int depth)
    {
        var rest = view.Text[(at + 1)..].TrimStart(" \t\r\n");
        if (rest.IsEmpty || !(view.Text[at] == '{' ? rest[0] is '"' or '}' : rest[0] is '"' or '{' or '[' or ']' or '-' or 't' or 'f' or 'n' || char.IsAsciiDigit(rest[0])))
        {
            return at;
        }

        var reader = new JsonReader(scanner, view, at, depth, stackalloc Level[MaxDepth]);
        var isWhole = reader.Read(kind);
        return isWhole || reader._hasString ? reader._at : at;
    }

    /// <summary>Reads to the end of the value, or to the place where it is no JSON any more.</summary>
    private bool Read(SecretKind kind)
    {
        Push(kind);
        while (_open > 0)
        {
            SkipSpace();
            if (_at == _text.Length)
            {
                return false;
            }

            ref var level = ref _levels[_open - 1];
            var character = _text[_at];
            if (character == (level.IsObject ? '}' : ']'))
            {
                _at++;
                _open--;
                continue;
            }

            if (level.IsFilled)
            {
                if (character != ',')
                {
                    return false;
                }

                _at++;
                SkipSpace();
                if (_at == _text.Length)
                {
                    return false;
                }
            }

            level.IsFilled = true;
            if (!(level.IsObject ? ReadMember(ref level) : ReadValue(ref level, level.Kind, isNamed: false)))
            {
                return false;
            }
        }

        return true;
    }

    private bool ReadMember(ref Level level)
    {
        if (_text[_at] != '"' || !TryString(out var start, out var end, out _))
        {
            return false;
        }

        (level.NameStart, level.NameEnd) = (start, end);
        SkipSpace();
        if (_at == _text.Length || _text[_at] != ':')
        {
            return false;
        }

        _at++;
        SkipSpace();
        return _at < _text.Length && ReadValue(ref level, KindOf(level.Kind, start, end), isNamed: true);
    }

    private readonly SecretKind KindOf(SecretKind parent, int start, int end)
    {
        var name = _text[start..end];
        if (!name.Contains('\\') || name.Length > LongestEscaped)
        {
            return SecretName.ClassifyBelow(parent, name);
        }

        Span<char> characters = stackalloc char[LongestEscaped];
        Span<int> places = stackalloc int[LongestEscaped + 1];
        return SecretName.ClassifyBelow(parent, characters[..Unescaper.Read(_view, start, end, Escapes.Backslash, characters, places)]);
    }

    private bool ReadValue(ref Level level, SecretKind kind, bool isNamed)
    {
        switch (_text[_at])
        {
            case '{' or '[':
                return Push(kind);
            case '"':
                return ReadString(ref level, kind, isNamed);
            default:
                return ReadScalar(kind, ref level);
        }
    }

    private bool ReadString(ref Level level, SecretKind kind, bool isNamed)
    {
        var isWhole = TryString(out var start, out var end, out var isEscaped);
        _hasString = true;
        if (isNamed)
        {
            kind = KindOfPair(ref level, kind, start, end);
        }
        else
        {
            kind = KindOfEntry(ref level, kind, start, end);
        }

        // In a list beside a name, a text is no more than likely to be its value.
        var evidence = isNamed ? Evidence.Member : level.Kind != SecretKind.None ? Evidence.Member : Evidence.Prose;
        if (kind == SecretKind.None || !_scanner.TryHide(_view, start, end, kind, evidence, isEscaped))
        {
            _scanner.ReadString(_view, start, end, isEscaped, _depth);
        }

        return isWhole;
    }

    /// <summary>Of <c>{"name": "DB_PASSWORD", "value": …}</c> the kind comes from the other member, whichever is first.</summary>
    private readonly SecretKind KindOfPair(ref Level level, SecretKind kind, int start, int end)
    {
        var name = _text[level.NameStart..level.NameEnd];
        if (SecretName.IsAny(name, "name", "key", "header", "variable", "field", "parameter", "k", "n"))
        {
            level.PairKind = end - start <= SecretName.MaxLength ? SecretName.Classify(_text[start..end]) : SecretKind.None;
            if (level.PairKind != SecretKind.None && level.ValueEnd > level.ValueStart)
            {
                _scanner.TryHide(_view, level.ValueStart, level.ValueEnd, level.PairKind, Evidence.Member, isEscaped: false);
            }
        }
        else if (SecretName.IsAny(name, "value", "val", "v", "data", "content"))
        {
            (level.ValueStart, level.ValueEnd) = (start, end);
            return kind == SecretKind.None ? level.PairKind : kind;
        }

        return kind;
    }

    /// <summary>Of <c>["password", …]</c> the kind comes from the entry before.</summary>
    private readonly SecretKind KindOfEntry(ref Level level, SecretKind kind, int start, int end)
    {
        var before = level.PairKind;
        var entry = _text[start..end];
        level.PairKind = entry.Length is > 0 and <= SecretName.MaxLength && !entry.ContainsAnyExcept(Characters.Name) ? SecretName.Classify(entry) : SecretKind.None;
        return kind == SecretKind.None ? before : kind;
    }

    private bool ReadScalar(SecretKind kind, ref Level level)
    {
        var start = _at;
        var end = _text[start..].IndexOfAny(ScalarEnds) is >= 0 and var length ? start + length : _text.Length;
        var scalar = _text[start..end];
        if (scalar.IsEmpty || !(scalar is "true" or "false" or "null" || char.IsAsciiDigit(scalar[^1])))
        {
            return false;
        }

        _at = end;
        level.PairKind = level.IsObject ? level.PairKind : SecretKind.None;
        if (kind is SecretKind.Password or SecretKind.Pass or SecretKind.Code or SecretKind.Thing && char.IsAsciiDigit(scalar[^1]) && SecretValue.IsSecret(kind, Evidence.Member, scalar))
        {
            _scanner.HideScalar(_view, start, end, QuotePlace());
        }
        else if (scalar.Length >= FewestCardDigits)
        {
            _scanner.ReadNumber(_view, start, end, QuotePlace());
        }

        return true;
    }

    /// <summary>
    /// A quote of this text: however it is written in the text that was given, another like it keeps the whole well-formed.
    /// </summary>
    private readonly int QuotePlace()
    {
        for (var i = _open - 1; i >= 0; i--)
        {
            if (_levels[i].NameEnd > 0)
            {
                return _levels[i].NameEnd;
            }
        }

        return _depth == 0 && _text[0] != '"' ? TextScanner.OwnQuote : TextScanner.NoQuote;
    }

    private bool Push(SecretKind kind)
    {
        if (_open == MaxDepth)
        {
            return false;
        }

        _levels[_open++] = new Level { IsObject = _text[_at] == '{', Kind = kind };
        _at++;
        return true;
    }

    /// <summary>The characters between quotes; without a closing one, all to the end.</summary>
    private bool TryString(out int start, out int end, out bool isEscaped)
    {
        start = _at + 1;
        isEscaped = false;
        for (end = start; _text[end..].IndexOfAny('"', '\\') is >= 0 and var found;)
        {
            end += found;
            if (_text[end] == '"')
            {
                _at = end + 1;
                return true;
            }

            isEscaped = true;
            end = Math.Min(_text.Length, end + 2);
        }

        end = _at = _text.Length;
        return false;
    }

    private void SkipSpace()
    {
        while (_at < _text.Length && _text[_at] is ' ' or '\t' or '\r' or '\n')
        {
            _at++;
        }
    }

    [StructLayout(LayoutKind.Auto)]
    private struct Level
    {
        public bool IsObject;
        public bool IsFilled;
        public SecretKind Kind;
        public SecretKind PairKind;
        public int NameStart;
        public int NameEnd;
        public int ValueStart;
        public int ValueEnd;
    }
}

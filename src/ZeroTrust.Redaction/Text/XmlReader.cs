using System.Runtime.InteropServices;
using ZeroTrust.Redaction.Detectors;
using ZeroTrust.Redaction.Names;

namespace ZeroTrust.Redaction.Text;

/// <summary>
/// Reads elements and attributes of markup within a text: XML with prefixes and CDATA, HTML, what was cut off. Only characters between
/// tags and quotes are replaced.
/// </summary>
internal ref struct XmlReader
{
    private const int MaxDepth = 64;

    private readonly TextScanner _scanner;
    private readonly TextView _view;
    private readonly ReadOnlySpan<char> _text;
    private readonly int _depth;
    private readonly Span<Level> _levels;
    private int _open;
    private int _at;
    private SecretKind _pairKind;

    private XmlReader(TextScanner scanner, in TextView view, int at, int depth, Span<Level> levels)
    {
        _scanner = scanner;
        _view = view;
        _text = view.Text;
        _at = at;
        _depth = depth;
        _levels = levels;
    }

    /// <summary>Reads what begins at an opening bracket.</summary>
    /// <returns>Where it ends; <paramref name="at"/> where it is no markup.</returns>
    public static int Read(TextScanner scanner, in TextView view, int at, int depth)
    {
        var reader = new XmlReader(scanner, view, at, depth, stackalloc Level[MaxDepth]);
        return reader.Read() ? reader._at : at;
    }

    private bool Read()
    {
        var start = _at;
        while (_at < _text.Length && _text[_at] == '<' && TryTag())
        {
            if (_open > 0)
            {
                ReadText();
                continue;
            }

            // A key of a property list has its value in the element that follows.
            if (_pairKind == SecretKind.None)
            {
                return true;
            }

            var rest = _text[_at..].TrimStart(" \t\r\n");
            _at = rest is ['<', ..] ? _text.Length - rest.Length : _at;
        }

        return _at > start;
    }

    /// <summary>The text up to the next tag, which is that of the innermost element.</summary>
    private void ReadText()
    {
        var start = _at;
        var end = _text[_at..].IndexOf('<') is >= 0 and var found ? _at + found : _text.Length;
        _at = end;
        if (_text[start..end].Trim(" \t\r\n").IsEmpty)
        {
            return;
        }

        ref var level = ref _levels[_open - 1];
        var text = _text[start..end].Trim(" \t\r\n");
        var isName = SecretName.IsAny(LocalName(level.NameStart, level.NameEnd), "name", "key");
        if (isName && text.Length <= SecretName.MaxLength)
        {
            _pairKind = SecretName.Classify(text);
        }

        var (first, last) = (start + _text[start..end].IndexOf(text), 0);
        last = first + text.Length;
        var isElement = end == _text.Length ? level.IsFirst : _text[end..] is ['<', '/', ..] && LocalNameAt(end + 2).SequenceEqual(LocalName(level.NameStart, level.NameEnd)) || _text[end..].StartsWith("<!");
        if (isName || level.Kind == SecretKind.None || !isElement || !_scanner.TryHide(_view, first, last, level.Kind, Evidence.Member, text.Contains('&')))
        {
            _scanner.Read(_view, start, end, _depth);
        }
    }

    private bool TryTag()
    {
        var rest = _text[_at..];
        return rest.StartsWith("<![CDATA[") ? ReadCharacterData()
            : rest is ['<', '?', ..] or ['<', '!', ..] ? SkipOpening()
            : rest is ['<', '/', ..] ? TryEnd()
            : TryStart();
    }

    /// <summary>A comment, a declaration or an instruction is no element; what stands in it is text.</summary>
    private bool SkipOpening()
    {
        _at += 2;
        return true;
    }

    private bool ReadCharacterData()
    {
        var start = _at + "<![CDATA[".Length;
        var end = _text[start..].IndexOf("]]>", StringComparison.Ordinal) is >= 0 and var found ? start + found : _text.Length;
        var kind = _open > 0 ? _levels[_open - 1].Kind : SecretKind.None;
        if (kind == SecretKind.None || !_scanner.TryHide(_view, start, end, kind, Evidence.Member, isEscaped: false))
        {
            _scanner.Read(_view, start, end, _depth + 1);
        }

        _at = Math.Min(_text.Length, end + "]]>".Length);
        return true;
    }

    private bool TryEnd()
    {
        var name = NameLength(_at + 2);
        var end = _text[(_at + 2 + name)..].TrimStart(" \t\r\n");
        if (name == 0 || end.IsEmpty || end[0] != '>')
        {
            return false;
        }

        _at = _text.Length - end.Length + 1;
        _open -= _open > 0 ? 1 : 0;
        return true;
    }

    private bool TryStart()
    {
        var start = _at + 1;
        var name = NameLength(start);
        if (name == 0)
        {
            return false;
        }

        var parent = _open > 0 ? _levels[_open - 1].Kind : SecretKind.None;
        var at = start + name;
        var local = LocalName(start, at);
        var kind = SecretName.ClassifyBelow(parent, local);
        var (valueStart, valueEnd, named) = (0, 0, SecretKind.None);
        while (true)
        {
            while (at < _text.Length && _text[at] is ' ' or '\t' or '\r' or '\n')
            {
                at++;
            }

            if (at == _text.Length)
            {
                return false;
            }

            if (_text[at] is '>' or '/' or '?')
            {
                break;
            }

            if (!TryAttribute(ref at, kind, ref valueStart, ref valueEnd, ref named))
            {
                return false;
            }
        }

        if (named != SecretKind.None && valueEnd > valueStart)
        {
            _scanner.TryHide(_view, valueStart, valueEnd, named, Evidence.Member, isEscaped: false);
        }

        if (SecretName.IsAny(local, "value", "string", "data") && kind == SecretKind.None)
        {
            kind = _pairKind;
            _pairKind = SecretKind.None;
        }

        return Open(at, start, start + name, kind == SecretKind.None ? named : kind);
    }

    /// <summary>Behind a start tag one more element is open; behind an empty one none.</summary>
    private bool Open(int at, int nameStart, int nameEnd, SecretKind kind)
    {
        if (_text[at] != '>')
        {
            var isEmpty = at + 1 < _text.Length && _text[at + 1] == '>';
            _at = isEmpty ? at + 2 : _at;
            return isEmpty;
        }

        if (_open == MaxDepth)
        {
            _levels[1..].CopyTo(_levels);
            _open--;
        }

        _levels[_open++] = new Level { NameStart = nameStart, NameEnd = nameEnd, Kind = kind, IsFirst = nameStart == 1 };
        _at = at + 1;
        return true;
    }

    private bool TryAttribute(ref int at, SecretKind element, ref int valueStart, ref int valueEnd, ref SecretKind named)
    {
        var start = at;
        var name = NameLength(at);
        at += name;
        if (name == 0)
        {
            return false;
        }

        var rest = _text[at..].TrimStart(' ');
        if (rest.IsEmpty || rest[0] != '=')
        {
            return true; // an attribute of HTML without a value
        }

        rest = rest[1..].TrimStart(' ');
        if (rest.IsEmpty || rest[0] is not ('"' or '\''))
        {
            return false;
        }

        var value = _text.Length - rest.Length + 1;
        var end = rest[1..].IndexOf(rest[0]);
        if (end < 0)
        {
            return false;
        }

        at = value + end + 1;
        var local = LocalName(start, start + name);
        var kind = SecretName.Classify(local);
        if (SecretName.IsAny(local, "name", "key", "id", "property", "variable"))
        {
            named = end is > 0 and <= SecretName.MaxLength && SecretName.Classify(_text.Slice(value, end)) is not SecretKind.None and var told ? told : named;
        }
        else if (SecretName.IsAny(local, "value", "content", "data"))
        {
            (valueStart, valueEnd) = (value, value + end);
            kind = kind == SecretKind.None ? element : kind;
        }

        if (end > 0 && (kind == SecretKind.None || !_scanner.TryHide(_view, value, value + end, kind, Evidence.Member, isEscaped: false)))
        {
            _scanner.Read(_view, value, value + end, _depth + 1);
        }

        return true;
    }

    private readonly int NameLength(int at) =>
        at < _text.Length && (char.IsAsciiLetter(_text[at]) || _text[at] == '_') ? Characters.Run(_text[at..], Characters.XmlName) : 0;

    private readonly ReadOnlySpan<char> LocalNameAt(int at) => LocalName(at, at + NameLength(at));

    private readonly ReadOnlySpan<char> LocalName(int start, int end) => _text[start..end] is var name ? name[(name.LastIndexOf(':') + 1)..] : default;

    [StructLayout(LayoutKind.Auto)]
    private struct Level
    {
        public int NameStart;
        public int NameEnd;
        public SecretKind Kind;
        public bool IsFirst;
    }
}

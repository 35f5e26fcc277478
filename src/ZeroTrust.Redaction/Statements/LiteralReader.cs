using ZeroTrust.Redaction.Detectors;

namespace ZeroTrust.Redaction.Statements;

/// <summary>
/// Replaces the literals and comments of a statement by <c>?</c>, word by word, as a <see cref="LiteralDialect"/> writes them. Names,
/// parameters, words
/// of the language, <c>true</c>, <c>false</c> and <c>null</c> stay. No backtracking; the result is never longer than the statement.
/// </summary>
internal ref partial struct LiteralReader
{
    private const int MaxParameterDigits = 5;

    private readonly ReadOnlySpan<char> _text;
    private readonly LiteralDialect _dialect;
    private readonly bool _keepsComments;
    private readonly bool _quotesNames;
    private StatementWriter _writer;
    private SqlPlace _place = new();
    private int _at;

    /// <summary>Whether a name stands in double quotes where only a name can stand.</summary>
    private bool _hasQuotedName;

    private bool _hasBackticks;

    /// <summary>The dollar signs and the tag that the code of a function began with.</summary>
    private Range _code;

    /// <summary>Whether a text in double quotes went that may have been a name.</summary>
    private bool _hasDoubt;

    private LiteralReader(string text, LiteralDialect dialect, bool keepsComments, bool quotesNames)
    {
        _text = text;
        (_dialect, _keepsComments, _quotesNames) = (dialect, keepsComments, quotesNames);
        _writer = new(text);
    }

    /// <summary>Reads the statement once.</summary>
    /// <param name="text">The statement.</param>
    /// <param name="dialect">How it is written.</param>
    /// <param name="keepsComments">Whether comments stay.</param>
    /// <param name="quotesNames">Whether a text in double quotes is a name where that is in doubt.</param>
    /// <param name="needsNames">Whether such a text went, and the statement has a quoted name where nothing but a name can stand.</param>
    public static string Read(string text, LiteralDialect dialect, bool keepsComments, bool quotesNames, out bool needsNames)
    {
        var reader = new LiteralReader(text, dialect, keepsComments, quotesNames);
        var stripped = reader.Run();
        needsNames = dialect.DoubleQuotes == QuoteMeaning.Guessed
            && reader is { _hasDoubt: true, _hasQuotedName: true, _hasBackticks: false };
        return stripped;
    }

    private string Run()
    {
        while (_at < _text.Length)
        {
            var character = _text[_at];
            if (char.IsWhiteSpace(character))
            {
                Space(character);
            }
            else if (LiteralEnds.IsNameStart(character))
            {
                Word();
            }
            else if (char.IsAsciiDigit(character))
            {
                Literal(NumberEnd(_at));
            }
            else if (!Comment() && !Quoted(character))
            {
                Mark(character);
            }
        }

        return _writer.Finish();
    }

    private readonly char Next => _at + 1 < _text.Length ? _text[_at + 1] : '\0';

    private void Word()
    {
        var end = LiteralEnds.OfName(_text, _at);
        if (Uuid.IsAt(_text, _at))
        {
            Literal(_at + Uuid.Length);
            return;
        }

        var word = _text[_at..end];
        if (end < _text.Length && _text[end] is '\'' or '"' or '&' && DialectQuotes.OfPrefixed(_dialect, _text, word, end) is { } prefixed)
        {
            Literal(prefixed);
            return;
        }

        var isSecret = _place.IsSecretNext;
        _place.Word(word, _dialect.IsSql);
        if (isSecret && !_place.IsSecretNext)
        {
            Literal(end);
            return;
        }

        _at = end;
        if (end < _text.Length && _text[end] == '(')
        {
            Argument(word, end + 1);
        }
        else if (_place.IsFormat)
        {
            InlineData();
        }
    }

    /// <summary>A function whose argument is a literal without quotes, or a name in quotes.</summary>
    private void Argument(ReadOnlySpan<char> function, int start)
    {
        if (_dialect.TypedLiterals.Count > 0 && _dialect.TypedLiterals.GetAlternateLookup<ReadOnlySpan<char>>().Contains(function))
        {
            _at = start;
            var length = _text[start..].IndexOf(')');
            Literal(length < 0 ? _text.Length : start + length);
        }
        else if (_dialect.NamingFunctions.Count > 0 && start < _text.Length && _text[start] is '"' or '\''
            && _dialect.NamingFunctions.GetAlternateLookup<ReadOnlySpan<char>>().Contains(function))
        {
            var end = LiteralEnds.OfQuoted(_text, start, _dialect.Escapes);
            _at = DialectQuotes.IsSimple(_text[start..end]) ? end : start;
        }
    }

    private bool Comment()
    {
        var end = DialectComments.End(_dialect, _text, _at, _place);
        if (end == 0)
        {
            return false;
        }

        var comment = _text[_at..end];
        if (CommentText.HintLength(_dialect, comment) is > 0 and var hint)
        {
            _at += hint;
        }
        else if (_keepsComments && DialectComments.IsSure(_dialect, comment))
        {
            _at = end;
        }
        else if (CommentText.TraceContext(comment) is { IsEmpty: false } trace)
        {
            _writer.Replace(_at, end, trace);
            _at = end;
        }
        else
        {
            _writer.Replace(_at, end);
            _at = end;
        }

        return true;
    }

    private void Mark(char character)
    {
        switch (character)
        {
            case '-' or '+' when char.IsAsciiDigit(Next) && !_place.IsBehindOperand:
                Literal(NumberEnd(_at + 1));
                break;
            case '.' when char.IsAsciiDigit(Next):
                Literal(NumberEnd(_at));
                break;
            case '@' or '$' or '?':
            case ':' when _dialect.HasColonParameters:
                Parameter(character);
                break;
            case '#' when _dialect.Hash != HashMeaning.Comment:
                _at++;
                break;
            case ';' when _place.IsCopyOfInput:
                _at += _text[_at..].IndexOf('\n') is >= 0 and var line ? line + 1 : 1;
                CopiedData();
                break;
            default:
                _place.Sign(character);
                _at++;
                break;
        }
    }

    /// <summary>
    /// <c>@p0</c>, <c>:id</c>, <c>?1</c> and <c>::type</c> stay; a number that is longer than that of a parameter does not.
    /// </summary>
    private void Parameter(char character)
    {
        var end = _at + 1;
        while (end < _text.Length && _text[end] == character)
        {
            end++;
        }

        var nameEnd = LiteralEnds.OfName(_text, end);
        var name = _text[end..nameEnd];
        var isLongNumber = name.Length > 0 && char.IsAsciiDigit(name[0])
            && (name.Length > MaxParameterDigits || name.ContainsAnyExcept(Characters.Decimal)
            || _text[nameEnd..] is ['.', >= '0' and <= '9', ..]);

        // The type of a literal can follow a cast: it is read as a word.
        _at = isLongNumber || (nameEnd < _text.Length && _text[nameEnd] == '\'') ? end : nameEnd;
        _place.Literal();
    }

    private readonly int NumberEnd(int at) => Uuid.IsAt(_text, at) ? at + Uuid.Length : LiteralEnds.OfNumber(_text, at);

    private void Name(int end)
    {
        _place.Name();
        _at = end;
    }

    private void Literal(int end)
    {
        _writer.Replace(_at, end);
        _place.Literal();
        _at = end;
    }
}

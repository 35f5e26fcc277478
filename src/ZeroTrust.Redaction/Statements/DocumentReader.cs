using System.Buffers;

namespace ZeroTrust.Redaction.Statements;

/// <summary>
/// Replaces the values of a query that is one or more documents, JSON or as the shell of MongoDB writes them, by <c>"?"</c>; keys, names
/// and shape stay,
/// and what was JSON is JSON. One pass over whatever is there; the result is at most three times as long.
/// </summary>
internal ref struct DocumentReader
{
    private const int MaxDepth = 64;
    private const string Literal = "\"?\"";

    private static readonly SearchValues<char> Structure = SearchValues.Create("{}[](),:\"' \t\r\n");

    private static readonly SearchValues<char> MarkerCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz-:");

    private readonly ReadOnlySpan<char> _text;
    private readonly StatementLanguage _language;
    private DocumentPart _root;
    private readonly Span<Level> _levels;
    private StatementWriter _writer;
    private int _depth;
    private int _at;
    private Level _level;

    private DocumentReader(string text, int start, StatementLanguage language, DocumentPart root, Span<Level> levels)
    {
        _text = text;
        _levels = levels;
        (_at, _language, _root) = (start, language, root);
        _level = new Level(root, default, IsRoot: true);
        _writer = new(text);
    }

    /// <summary>Whether a text begins as a document does.</summary>
    public static bool Applies(ReadOnlySpan<char> text) =>
        text.TrimStart() is ['{' or '[', ..] and var document && MarkerEnd(document, 0) == 0;

    /// <param name="text">The statement.</param>
    /// <param name="start">Where the documents begin.</param>
    /// <param name="language">The language.</param>
    public static string Strip(string text, int start, StatementLanguage language)
    {
        var root = language switch
        {
            StatementLanguage.MongoDb =>
                text.AsSpan(start).TrimStart() is ['[', ..] ? DocumentPart.MongoPipeline : DocumentPart.MongoCommand,
            StatementLanguage.Elasticsearch => DocumentPart.SearchBody,
            StatementLanguage.DynamoDb => DocumentPart.DynamoRequest,
            StatementLanguage.Cosmos or StatementLanguage.Couchbase => DocumentPart.SqlRequest,
            _ => DocumentPart.Data,
        };
        Span<Level> levels = stackalloc Level[MaxDepth];
        return new DocumentReader(text, start, language, root, levels).Run();
    }

    private string Run()
    {
        while (_at < _text.Length)
        {
            switch (_text[_at])
            {
                case '{':
                    Object();
                    break;
                case '[' when MarkerEnd(_text, _at) is > 0 and var end:
                    _at = end;
                    break;
                case '[':
                    Push(_level);
                    break;
                case '}' or ']':
                    Pop();
                    break;
                case ',' or ':' or '(' or ')':
                case var blank when char.IsWhiteSpace(blank):
                    _at++;
                    break;
                case '"' or '\'':
                    Text();
                    break;
                case '/':
                    Value(LiteralEnds.OfRegex(_text, _at));
                    break;
                default:
                    Bare();
                    break;
            }
        }

        return _writer.Finish();
    }

    /// <summary>The end of what a detector wrote: <c>[email]</c>, <c>[token:github]</c>.</summary>
    private static int MarkerEnd(ReadOnlySpan<char> text, int at)
    {
        var length = text[at] == '[' ? text[(at + 1)..].IndexOfAnyExcept(MarkerCharacters) : 0;
        return length > 0 && text[at + 1 + length] == ']' ? at + length + 2 : 0;
    }

    private static bool IsMarker(ReadOnlySpan<char> text) =>
        text is "[secret]" or "[email]" or "[card]" or "[iban]" or "[jwt]" or "[credentials]" or "[private-key]"
        || (text.StartsWith("[token:", StringComparison.Ordinal) && MarkerEnd(text, 0) == text.Length);

    private void Object()
    {
        var part = _level.IsRoot ? _root : DocumentNames.PartUnder(_level.Part, _text[_level.Key]);

        // Behind an action of a bulk request its document follows, which is data.
        _root = part == DocumentPart.SearchAction ? DocumentPart.SearchBulk : _root;
        Push(new Level(part, default, IsRoot: false));
    }

    private void Push(Level level)
    {
        // What is too deep to be followed is data.
        if (_depth < MaxDepth)
        {
            _levels[_depth] = _level;
        }

        _depth++;
        _level = _depth < MaxDepth ? level : default;
        _at++;
    }

    private void Pop()
    {
        _depth = Math.Max(0, _depth - 1);
        _level = _depth < MaxDepth ? _levels[_depth] : default;
        _at++;
    }

    private void Text()
    {
        var end = LiteralEnds.OfEscaped(_text, _at);
        var isClosed = end - _at > 1 && _text[end - 1] == _text[_at];
        var content = isClosed ? (_at + 1)..(end - 1) : _at..end;
        if (isClosed && IsKey(end))
        {
            Key(content, end);
        }
        else if (isClosed && (IsMarker(_text[content]) || DocumentNames.IsName(_level.Part, _text[_level.Key], _text[content])))
        {
            _at = end;
        }
        else if (DocumentNames.IsStatement(_level.Part, _text[_level.Key]) && _text[_at] == '"')
        {
            var statement = JsonText.Unescape(isClosed ? _text[content] : _text[(_at + 1)..end]);
            _writer.Replace(_at, end, JsonText.Quote(LiteralText.Strip(statement, LiteralDialects.Of(_language), keepsComments: false)));
            _at = end;
        }
        else
        {
            Value(end, _text[_at] == '"' ? Literal : "'?'");
        }
    }

    /// <summary>A number, a word or a call.</summary>
    private void Bare()
    {
        var length = _text[_at..].IndexOfAny(Structure) is >= 0 and var found ? found : _text.Length - _at;
        var end = _at + Math.Max(1, length);
        var word = _text[_at..end];
        if (IsKey(end) && !char.IsAsciiDigit(word[0]))
        {
            Key(_at..end, end);
        }
        else if (word is "?" or "true" or "false" or "null" or "new"
            || (end < _text.Length && _text[end] == '(' && LiteralEnds.OfName(word, 0) == word.Length))
        {
            _at = end;
        }
        else
        {
            Value(end);
        }
    }

    private readonly bool IsKey(int end) => _text[end..].TrimStart() is [':', ..];

    private void Key(Range key, int end)
    {
        _level = _level with { Key = key };
        _at = end;
    }

    private void Value(int end, string by = Literal)
    {
        _writer.Replace(_at, end, by);
        _at = end;
    }

    /// <summary>An open object, or an array under a key of one.</summary>
    private readonly record struct Level(DocumentPart Part, Range Key, bool IsRoot);
}

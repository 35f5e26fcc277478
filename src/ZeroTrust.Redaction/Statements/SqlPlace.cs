namespace ZeroTrust.Redaction.Statements;

/// <summary>Follows the words of a SQL statement, and tells where a quoted text or a word stands in it.</summary>
internal struct SqlPlace
{
    private const int MaxCalls = 64;
    private const int None = -1;

    private SqlWord _first;
    private SqlWord _word;
    private char _sign;
    private int _depth;
    private int _valuesDepth = None;
    private int _inDepth = None;
    private int _columnsDepth = None;

    /// <summary>Which of the open brackets are those of a function, one bit for each.</summary>
    private ulong _calls;
    private bool _mayNameColumns;
    private bool _isBetween;
    private bool _isIdentified;
    private bool _isPassword;

    public SqlPlace()
    {
    }

    /// <summary>Whether a secret follows that may stand without quotes: a word is no name here.</summary>
    public bool IsSecretNext { get; private set; }

    /// <summary>Whether the data to copy follow the statement.</summary>
    public bool IsCopyOfInput { get; private set; }

    /// <summary>Whether the data of an <c>INSERT</c> follow the name of their format.</summary>
    public readonly bool IsFormat => _first == SqlWord.Insert && _word == SqlWord.Format && _depth == 0;

    /// <summary>Whether the name of a table follows.</summary>
    public readonly bool IsTableNext => _sign is ',' or '.' || (_sign == '\0' && IsNaming(_word));

    /// <summary>Whether the code of a function follows, or of a block (<c>DO</c>).</summary>
    public readonly bool IsCodeNext => _sign == '\0' && (_word == SqlWord.Do || (_word == SqlWord.As && _first == SqlWord.Create));

    /// <summary>Whether an operand has just ended, so that a sign or a slash is an operator.</summary>
    public readonly bool IsBehindOperand => _sign is ')' or ']' or '}' || (_sign == '\0' && _word is SqlWord.Plain && _first != default);

    public void Word(ReadOnlySpan<char> word, bool isSql)
    {
        // Behind a dot any word is a name.
        var kind = _sign == '.' ? SqlWord.Plain
            : isSql ? SqlWords.KindOf(word)
            : word is "return" ? SqlWord.Other
            : SqlWord.Plain;
        _first = _first == default ? kind == SqlWord.Plain ? SqlWord.Other : kind : _first;
        IsSecretNext =
            (kind == SqlWord.By && _word == SqlWord.Identified) || (kind == SqlWord.Replace && _isIdentified)
                || (IsSecretNext && kind == SqlWord.Values);
        _isIdentified |= kind == SqlWord.Identified;
        _isPassword = kind == SqlWord.Password && _first is SqlWord.Create or SqlWord.Alter or SqlWord.Set;
        EndLists(kind);
        switch (kind)
        {
            case SqlWord.From when IsCall(_depth):
                kind = SqlWord.Branch;
                break;
            case SqlWord.Select:
                _calls &= ~Bit(_depth);
                _inDepth = _inDepth == _depth - 1 ? None : _inDepth;
                _columnsDepth = _columnsDepth == _depth ? None : _columnsDepth;
                break;
            case SqlWord.Stdin:
                IsCopyOfInput |= _first == SqlWord.Copy;
                break;
            case SqlWord.Values:
                _valuesDepth = _depth;
                break;
            case SqlWord.Between:
                _isBetween = true;
                break;
            case SqlWord.And when _isBetween:
                (_isBetween, kind) = (false, SqlWord.Between);
                break;
        }

        _mayNameColumns = kind is SqlWord.Table or SqlWord.Columns or SqlWord.Insert || (kind == SqlWord.On && _first == SqlWord.Create)
            || (kind == SqlWord.Plain && _mayNameColumns && _word is not (SqlWord.Columns or SqlWord.Insert));
        (_word, _sign) = (kind, '\0');
    }

    /// <summary>A name in quotes.</summary>
    public void Name()
    {
        _first = _first == default ? SqlWord.Other : _first;
        (_word, _sign, IsSecretNext, _isPassword) = (SqlWord.Plain, '\0', false, false);
    }

    /// <summary>A literal or a parameter.</summary>
    public void Literal()
    {
        Name();
        _mayNameColumns = false;
    }

    public void Sign(char sign)
    {
        switch (sign)
        {
            case '(':
                Open();
                break;
            case ')':
                _depth = Math.Max(0, _depth - 1);
                _inDepth = _depth <= _inDepth ? None : _inDepth;
                _columnsDepth = _depth < _columnsDepth ? None : _columnsDepth;
                _valuesDepth = _depth < _valuesDepth ? None : _valuesDepth;
                break;
            case ';':
                this = new();
                return;
            case '.':
                break;
            default:
                _mayNameColumns = false;
                break;
        }

        IsSecretNext = sign == '=' && _isPassword;
        (_sign, _isPassword) = (sign, false);
    }

    /// <param name="rest">What stands behind the quoted text.</param>
    public readonly QuotedPlace OfQuoted(ReadOnlySpan<char> rest)
    {
        if (_sign == '.' || rest is ['.', ..])
        {
            return QuotedPlace.Name;
        }

        if (IsSecretNext || (_valuesDepth >= 0 && _depth > _valuesDepth) || _inDepth >= 0
            || (_sign == '\0' && _word is SqlWord.Like or SqlWord.Between or SqlWord.In))
        {
            return QuotedPlace.Value;
        }

        var isFirst = _sign is '(' or ',';
        return (_sign == '\0' && IsNaming(_word)) || (isFirst && _depth == _columnsDepth) || IsCompared(rest.TrimStart()) ? QuotedPlace.Name
            : _sign == '\0' && _word == SqlWord.As ? QuotedPlace.Named
            : _sign == '\0' ? (_word == SqlWord.Branch ? QuotedPlace.Operand : QuotedPlace.Open)
            : _sign == ')' || (isFirst && !IsCall(_depth)) ? QuotedPlace.Open
            : QuotedPlace.Operand;
    }

    private static bool IsNaming(SqlWord word) => word is SqlWord.Naming or SqlWord.From or SqlWord.Table or SqlWord.By or SqlWord.Set;

    private static bool IsCompared(ReadOnlySpan<char> rest) =>
        rest is ['=' or '<' or '>' or '!', ..]
        || (rest.Length > 0 && LiteralEnds.IsNameStart(rest[0])
            && SqlWords.KindOf(rest[..LiteralEnds.OfName(rest, 0)]) is SqlWord.Is or SqlWord.In or SqlWord.Like or SqlWord.Between);

    private static ulong Bit(int depth) => depth < MaxCalls ? 1UL << depth : 0;

    private readonly bool IsCall(int depth) => depth >= MaxCalls || (_calls & Bit(depth)) != 0;

    private void Open()
    {
        var isWord = _sign == '\0';
        _inDepth = isWord && _word == SqlWord.In && _inDepth < 0 ? _depth : _inDepth;
        _depth++;
        _calls = isWord && _word == SqlWord.Plain && _first != default ? _calls | Bit(_depth) : _calls & ~Bit(_depth);
        _columnsDepth = _mayNameColumns && isWord ? _depth : _columnsDepth;
        _mayNameColumns = false;
    }

    private void EndLists(SqlWord kind)
    {
        if (_depth <= _valuesDepth && kind != SqlWord.Values)
        {
            _valuesDepth = None;
        }
    }
}

using System.Buffers;
using ZeroTrust.Redaction.Detectors;

namespace ZeroTrust.Redaction.Statements;

/// <summary>
/// Replaces the literals and comments of a SQL statement by <c>?</c>, without knowing its dialect: what would be a literal in one of the main
/// dialects (PostgreSQL, MySQL, SQL Server, Oracle, SQLite, Cassandra, Snowflake) goes. Parameters, names and keywords stay.
/// </summary>
/// <remarks>
/// Where dialects differ on where a literal ends, as with <c>'it\'s'</c>, the rest of the statement goes. No backtracking; the result is
/// never longer than the statement.
/// </remarks>
internal ref struct SqlLiterals
{
    private const char Replacement = '?';
    private const int MaxPasses = 4;
    private const int MaxBracketed = 130;

    private static readonly SearchValues<char> Marks = SearchValues.Create("'\"-/#$`[");
    private static readonly SearchValues<string> Booleans = SearchValues.Create(["true", "false"], StringComparison.OrdinalIgnoreCase);
    private static readonly SearchValues<char> SimpleName = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_$. -");

    private readonly ReadOnlySpan<char> _sql;
    private char[]? _output;
    private int _at;

    /// <summary>Up to where the statement is in the output; what follows, up to <see cref="_at"/>, stays as it is.</summary>
    private int _copied;
    private int _written;

    /// <summary>Whether the last word was <c>VALUES</c> or <c>IN</c>, so that what is listed behind it are values.</summary>
    private bool _isInValues;

    private SqlLiterals(ReadOnlySpan<char> sql) => _sql = sql;

    /// <summary>The statement without its literals; the same reference when it has none.</summary>
    public static string Strip(string sql)
    {
        // A literal that is gone can make a comment of what follows: such a statement is no SQL, and is read again.
        for (var pass = 0; pass < MaxPasses && MayHold(sql); pass++)
        {
            if (new SqlLiterals(sql).Run() is not { } stripped || stripped == sql)
            {
                break;
            }

            sql = stripped;
        }

        return sql;
    }

    /// <summary>Most statements with parameters hold no quote or comment, no number that is not the end of a name, and no truth value.</summary>
    private static bool MayHold(ReadOnlySpan<char> sql)
    {
        if (sql.ContainsAny(Marks) || sql.ContainsAny(Booleans))
        {
            return true;
        }

        for (var at = 0; sql[at..].IndexOfAny(Characters.Decimal) is >= 0 and var found;)
        {
            at += found;
            if (at == 0 || !SqlEnds.IsNameCharacter(sql[at - 1]))
            {
                return true;
            }

            at += Characters.Run(sql[at..], Characters.Decimal);
        }

        return false;
    }

    /// <summary>What is left of the statement; <see langword="null"/> when that is all of it.</summary>
    private string? Run()
    {
        while (_at < _sql.Length)
        {
            var character = _sql[_at];
            if (character == ' ')
            {
                _at++;
                continue;
            }

            if (SqlEnds.IsNameStart(character))
            {
                Word();
                continue;
            }

            var next = _at + 1 < _sql.Length ? _sql[_at + 1] : '\0';
            switch (character)
            {
                case '\'':
                    Literal(SqlEnds.OfString(_sql, _at));
                    break;
                case '"':
                    DoubleQuoted();
                    break;
                case '`':
                    _at = SqlEnds.OfQuotedName(_sql, _at);
                    break;
                case '[':
                    Bracket();
                    break;
                case '-' when next == '-':
                case '/' when next == '/':
                case '#' when IsHashComment(next):
                    Literal(SqlEnds.OfLine(_sql, _at));
                    break;
                case '#' when next == '#':
                    _at = SqlEnds.OfName(_sql, _at + 2);
                    break;
                case '/' when next == '*':
                    Literal(SqlEnds.OfComment(_sql, _at));
                    break;
                case '-' or '+' when char.IsAsciiDigit(next) && IsSign():
                    Literal(SqlEnds.OfNumber(_sql, _at + 1));
                    break;
                case '.' when char.IsAsciiDigit(next) && !IsAfterName():
                case >= '0' and <= '9':
                    Literal(SqlEnds.OfNumber(_sql, _at));
                    break;
                case '$':
                    Dollar();
                    break;
                case '@' or ':' or '?':
                    Parameter();
                    break;
                default:
                    _at++;
                    break;
            }
        }

        return _output is null ? null : Finish(_output);
    }

    private void Word()
    {
        var end = SqlEnds.OfName(_sql, _at);
        var name = _sql[_at..end];
        if (end < _sql.Length && _sql[end] == '\'' && name.Length is 1 or 2 && name[^1] is 'q' or 'Q' && end + 1 < _sql.Length)
        {
            Literal(SqlEnds.OfOracleString(_sql, end + 1));
        }
        else if (IsBoolean(name))
        {
            Literal(end);
        }
        else
        {
            _isInValues = (name.Length == "IN".Length && name.Equals("IN", StringComparison.OrdinalIgnoreCase))
                || (name.Length == "VALUES".Length && name.Equals("VALUES", StringComparison.OrdinalIgnoreCase));
            _at = end;
        }
    }

    private static bool IsBoolean(ReadOnlySpan<char> name) => name.Length switch
    {
        4 => name.Equals("true", StringComparison.OrdinalIgnoreCase),
        5 => name.Equals("false", StringComparison.OrdinalIgnoreCase),
        _ => false,
    };

    /// <summary>A literal in MySQL and SQLite, a name elsewhere. A name is simple, and is not what something is compared with or what a list of values holds.</summary>
    private void DoubleQuoted()
    {
        var end = SqlEnds.OfString(_sql, _at);
        var isClosed = end - _at > 1 && _sql[end - 1] == '"';
        var content = isClosed ? _sql[(_at + 1)..(end - 1)] : [];
        var isQualified = end < _sql.Length && _sql[end] == '.';
        var isName = isClosed && content.Length > 0 && !content.ContainsAnyExcept(SimpleName) && (isQualified || !IsValuePosition());
        if (isName)
        {
            _at = end;
        }
        else
        {
            Literal(end);
        }
    }

    /// <summary>A name of SQL Server; an index or an array elsewhere, whose literals are literals.</summary>
    private void Bracket()
    {
        var end = _sql[_at..Math.Min(_sql.Length, _at + MaxBracketed)].IndexOf(']');
        var content = end > 1 ? _sql.Slice(_at + 1, end - 1) : [];
        if (content.Length > 0 && SqlEnds.IsNameStart(content[0]) && !content.ContainsAnyExcept(SimpleName))
        {
            _at += end + 1;
        }
        else
        {
            _at++;
        }
    }

    private void Dollar()
    {
        var tagEnd = _at + 1;
        while (tagEnd < _sql.Length && (char.IsLetterOrDigit(_sql[tagEnd]) || _sql[tagEnd] == '_'))
        {
            tagEnd++;
        }

        var isTag = tagEnd < _sql.Length && _sql[tagEnd] == '$' && (tagEnd == _at + 1 || !char.IsAsciiDigit(_sql[_at + 1])) && !IsAfterName();
        if (!isTag)
        {
            _at = tagEnd;
            return;
        }

        var tag = _sql[_at..(tagEnd + 1)];
        var end = _sql[(tagEnd + 1)..].IndexOf(tag, StringComparison.Ordinal);
        Literal(end < 0 ? _sql.Length : tagEnd + 1 + end + tag.Length);
    }

    /// <summary><c>@p0</c>, <c>:id</c>, <c>?1</c> and <c>::type</c> stay.</summary>
    private void Parameter()
    {
        var end = _at + 1;
        while (end < _sql.Length && _sql[end] == _sql[_at])
        {
            end++;
        }

        _at = SqlEnds.OfName(_sql, end);
    }

    /// <summary><c>#</c> begins a comment in MySQL; in PostgreSQL it is an operator, in SQL Server a temporary table.</summary>
    private readonly bool IsHashComment(char next) => next is not ('#' or '>' or '-' or '=') && !(SqlEnds.IsNameStart(next) && IsTablePosition());

    private readonly bool IsTablePosition() =>
        (SqlEnds.OfName(_sql, _at + 1) is var end && end < _sql.Length && _sql[end] == '.') || Before() is ',' or '.' || IsAfterWord("FROM") || IsAfterWord("INTO") || IsAfterWord("JOIN") || IsAfterWord("TABLE") || IsAfterWord("UPDATE") || IsAfterWord("EXISTS");

    private readonly bool IsSign() => Before() is '\0' or '=' or '<' or '>' or '(' or ',' or '+' or '-' or '*' or '/' or '%' or '!' or '|';

    private readonly bool IsAfterName() => _at > 0 && (SqlEnds.IsNameCharacter(_sql[_at - 1]) || _sql[_at - 1] is '"' or ']' or '`');

    private readonly bool IsValuePosition()
    {
        var before = Before();
        return before is '=' or '<' or '>' or '!' || IsAfterWord("LIKE") || IsAfterWord("BETWEEN") || (before is '(' or ',' && _isInValues);
    }

    /// <summary>A word stands between two literals as a whole.</summary>
    private readonly bool IsAfterWord(string word) => _sql[_copied.._at].TrimEnd().EndsWith(word, StringComparison.OrdinalIgnoreCase);

    private readonly char Before() => _sql[.._at].TrimEnd() is { Length: > 0 } before ? before[^1] : '\0';

    private void Literal(int end)
    {
        _output ??= ArrayPool<char>.Shared.Rent(_sql.Length);
        CopyTo(_output);
        _output[_written++] = Replacement;
        (_at, _copied) = (end, end);
    }

    private void CopyTo(char[] output)
    {
        _sql[_copied.._at].CopyTo(output.AsSpan(_written));
        _written += _at - _copied;
    }

    private string Finish(char[] output)
    {
        CopyTo(output);
        var stripped = new string(output, 0, _written);
        ArrayPool<char>.Shared.Return(output);
        return stripped;
    }
}

namespace ZeroTrust.Redaction.Statements;

/// <content>What stands in quotes of any kind.</content>
internal ref partial struct LiteralReader
{
    private bool Quoted(char character)
    {
        switch (character)
        {
            case '\'':
                Member(DialectQuotes.OfString(_dialect, _text, _at));
                return true;
            case '"' when _dialect.DoubleQuotes == QuoteMeaning.Literal:
                Member(DialectQuotes.OfString(_dialect, _text, _at));
                return true;
            case '"':
                DoubleQuoted();
                return true;
            case '`':
                Backtick();
                return true;
            case '[' when _dialect.HasBracketedNames:
                Bracket();
                return true;
            case '$' when _dialect.Dollars != DollarQuotes.None:
                return Dollar();
            case '@' when _dialect.HasVerbatimStrings && Next is '"' or '\'':
                Literal(LiteralEnds.OfQuoted(_text, _at + 1, EscapeRule.None));
                return true;
            case '/' when _dialect.HasRegexes && !_place.IsBehindOperand:
                Literal(LiteralEnds.OfRegex(_text, _at));
                return true;
            default:
                return false;
        }
    }

    /// <summary>A literal, but for the name of a member before its colon.</summary>
    private void Member(int end)
    {
        if (_dialect.HasQuotedMembers && _text[end..].TrimStart() is [':', ..] && DialectQuotes.IsSimple(_text[_at..end]))
        {
            Name(end);
        }
        else
        {
            Literal(end);
        }
    }

    private void DoubleQuoted()
    {
        var end = LiteralEnds.OfQuoted(_text, _at, _dialect.DoubleQuotes == QuoteMeaning.Guessed ? _dialect.Escapes : EscapeRule.None);
        var isClosed = end - _at > 2 && _text[end - 1] == '"';
        if (!isClosed || _place.IsSecretNext)
        {
            Literal(end);
            return;
        }

        if (_dialect.DoubleQuotes == QuoteMeaning.Name)
        {
            Name(end);
            return;
        }

        var place = DialectQuotes.IsSimple(_text[_at..end]) ? _place.OfQuoted(_text[end..]) : QuotedPlace.Value;
        var isSure = place is QuotedPlace.Name or QuotedPlace.Named;
        _hasQuotedName |= place == QuotedPlace.Name;
        _hasDoubt |= place is QuotedPlace.Operand or QuotedPlace.Open;
        if (isSure || (place == QuotedPlace.Open && _dialect.DoubleQuotes == QuoteMeaning.NameUnlessValue)
            || (place != QuotedPlace.Value && _quotesNames))
        {
            Name(end);
        }
        else
        {
            Literal(end);
        }
    }

    private void Backtick()
    {
        if (_dialect.Backticks == QuoteMeaning.Literal)
        {
            Literal(DialectQuotes.OfBackticks(_text, _at));
        }
        else
        {
            _hasBackticks = true;
            Name(_text[(_at + 1)..].IndexOf('`') is >= 0 and var end ? _at + end + 2 : _at + 1);
        }
    }

    /// <summary>
    /// A name of SQL Server; an index or an array elsewhere, whose literals are literals. Behind <c>&amp;</c> it is the key of a member
    /// (MDX).
    /// </summary>
    private void Bracket()
    {
        var end = DialectQuotes.OfBracketed(_text, _at);
        if (end == 0)
        {
            _place.Sign('[');
            _at++;
        }
        else if (_at > 0 && _text[_at - 1] == '&')
        {
            Literal(end);
        }
        else
        {
            Name(end);
        }
    }

    private bool Dollar()
    {
        var end = LiteralEnds.OfTag(_text, _at);
        var isQuote =
            end < _text.Length && _text[end] == '$' && (_dialect.Dollars == DollarQuotes.Tagged || end == _at + 1)
                && !char.IsAsciiDigit(Next);
        if (!isQuote)
        {
            return false;
        }

        var tag = _text[_at..(end + 1)];
        if (_place.IsCodeNext || tag.SequenceEqual(_text[_code]))
        {
            // The code between the tags is read as a statement.
            _code = _place.IsCodeNext ? _at..(end + 1) : default;
            _place.Sign(';');
            _at = end + 1;
            return true;
        }

        var found = _text[(end + 1)..].IndexOf(tag, StringComparison.Ordinal);
        Literal(found < 0 ? _text.Length : end + 1 + found + tag.Length);
        return true;
    }
}

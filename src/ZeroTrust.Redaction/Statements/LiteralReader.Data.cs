namespace ZeroTrust.Redaction.Statements;

/// <content>Data that stand in the statement without quotes.</content>
internal ref partial struct LiteralReader
{
    /// <summary>The data that stand in the statement behind <c>FORMAT</c> and its name (ClickHouse).</summary>
    private void InlineData()
    {
        _at += _text[_at..].IndexOfAnyExcept(' ') is > 0 and var blanks ? blanks : 0;
        _at = LiteralEnds.OfName(_text, _at);
        var length = _text[_at..].IndexOfAnyExcept(' ', '\r', '\n');
        if (length > 0 && _text[_at + length] != ';')
        {
            _at += length;
            Literal(_text.Length);
        }
    }

    private void Space(char character)
    {
        _at++;
        if (character == '\n' && _place.IsCopyOfInput && !CopyText.HasOptions(_text[_at..]))
        {
            CopiedData();
        }
    }

    /// <summary>The lines behind <c>COPY … FROM STDIN</c>, up to the one that ends them.</summary>
    private void CopiedData()
    {
        var length = CopyText.Length(_text[_at..]);
        if (length > 0)
        {
            Literal(_at + length);
        }

        _place.Sign(';');
    }
}

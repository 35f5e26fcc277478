namespace ZeroTrust.Redaction.Statements;

/// <summary>
/// Reads the arguments of a command line one by one. Quotes hold an argument together, a backslash protects a character in them.
/// </summary>
internal ref struct CommandWords(ReadOnlySpan<char> line)
{
    private readonly ReadOnlySpan<char> _line = line;

    /// <summary>Where the argument begins.</summary>
    public int Start { get; private set; }

    /// <summary>Where the argument ends.</summary>
    public int End { get; private set; }

    public readonly ReadOnlySpan<char> Current => _line[Start..End];

    public bool MoveNext()
    {
        Start = End;
        while (Start < _line.Length && char.IsWhiteSpace(_line[Start]))
        {
            Start++;
        }

        End = Start;
        if (Start == _line.Length)
        {
            return false;
        }

        End = _line[Start] is '"' or '\'' ? LiteralEnds.OfEscaped(_line, Start) : Start;
        while (End < _line.Length && !char.IsWhiteSpace(_line[End]))
        {
            End++;
        }

        return true;
    }
}

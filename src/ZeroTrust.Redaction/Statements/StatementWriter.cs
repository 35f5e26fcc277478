using System.Buffers;

namespace ZeroTrust.Redaction.Statements;

/// <summary>
/// Writes a statement with some of its parts replaced. Where none is, nothing is allocated and the statement comes back as the same
/// reference.
/// </summary>
internal ref struct StatementWriter(string statement)
{
    private const string Literal = "?";

    private char[]? _output;

    /// <summary>Up to where the statement is in the output.</summary>
    private int _copied;
    private int _written;

    /// <summary>Puts <c>?</c> in the place of a part of the statement, which lies behind all parts replaced before.</summary>
    public void Replace(int start, int end) => Replace(start, end, Literal);

    /// <summary>Puts a text in the place of a part of the statement, which lies behind all parts replaced before.</summary>
    public void Replace(int start, int end, ReadOnlySpan<char> by)
    {
        if (statement.AsSpan(start, end - start).SequenceEqual(by))
        {
            return;
        }

        var kept = start - _copied;
        var output = Reserve(kept + by.Length);
        statement.AsSpan(_copied, kept).CopyTo(output.AsSpan(_written));
        by.CopyTo(output.AsSpan(_written + kept));
        _written += kept + by.Length;
        _copied = end;
    }

    /// <summary>What came of the statement. Nothing can be written behind it.</summary>
    public string Finish()
    {
        if (_output is null)
        {
            return statement;
        }

        var kept = statement.Length - _copied;
        var output = Reserve(kept);
        statement.AsSpan(_copied).CopyTo(output.AsSpan(_written));
        var finished = new string(output, 0, _written + kept);
        ArrayPool<char>.Shared.Return(output);
        _output = null;
        return finished;
    }

    private char[] Reserve(int more)
    {
        if (_output is null)
        {
            return _output = ArrayPool<char>.Shared.Rent(Math.Max(statement.Length, more));
        }

        if (_output.Length < _written + more)
        {
            var larger = ArrayPool<char>.Shared.Rent(Math.Max(_output.Length * 2, _written + more));
            _output.AsSpan(0, _written).CopyTo(larger);
            ArrayPool<char>.Shared.Return(_output);
            _output = larger;
        }

        return _output;
    }
}

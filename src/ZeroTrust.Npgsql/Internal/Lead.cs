namespace ZeroTrust.Npgsql.Internal;

/// <summary>The statements that go before a command, in the same round trip.</summary>
/// <remarks>The last one has one result set, which is skipped; the others have none.</remarks>
internal sealed class Lead
{
    internal Lead(params IReadOnlyList<string> statements)
    {
        Statements = statements;
        Text = string.Concat(statements.Select(statement => statement + ";"));
    }

    internal IReadOnlyList<string> Statements { get; }

    /// <summary>All of them, to stand before the text of a command.</summary>
    internal string Text { get; }
}

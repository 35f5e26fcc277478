namespace ZeroTrust.Redaction.Statements;

/// <summary>Which quotes a language makes of dollar signs.</summary>
internal enum DollarQuotes
{
    /// <summary>None.</summary>
    None,

    /// <summary><c>$$</c> alone.</summary>
    Plain,

    /// <summary><c>$$</c> and <c>$tag$</c>.</summary>
    Tagged,
}

using System.Collections.Frozen;

namespace ZeroTrust.Redaction.Statements;

/// <summary>How a language writes literals, names, comments and parameters. What is not set is as in standard SQL.</summary>
internal sealed record LiteralDialect
{
    /// <summary>What <c>"x"</c> is.</summary>
    public QuoteMeaning DoubleQuotes { get; init; } = QuoteMeaning.Name;

    /// <summary>What <c>`x`</c> is.</summary>
    public QuoteMeaning Backticks { get; init; } = QuoteMeaning.Name;

    /// <summary>Whether <c>[x]</c> is a name.</summary>
    public bool HasBracketedNames { get; init; }

    /// <summary>Whether quotes are tripled around literals over several lines.</summary>
    public bool HasTripleQuotes { get; init; }

    /// <summary>What a backslash does.</summary>
    public EscapeRule Escapes { get; init; }

    /// <summary>Which dollar signs are quotes.</summary>
    public DollarQuotes Dollars { get; init; }

    /// <summary>What a number sign begins.</summary>
    public HashMeaning Hash { get; init; }

    /// <summary>Whether <c>--</c> begins a comment.</summary>
    public bool HasDashComments { get; init; } = true;

    /// <summary>Whether <c>//</c> begins a comment.</summary>
    public bool HasSlashComments { get; init; }

    /// <summary>What comments in comments are.</summary>
    public CommentNesting Nesting { get; init; }

    /// <summary>Whether <c>/*!50001 x*/</c> is run, so that its words are those of the statement (MySQL).</summary>
    public bool RunsComments { get; init; }

    /// <summary>Whether <c>/*+ x*/</c> is a hint.</summary>
    public bool HasHints { get; init; }

    /// <summary>Whether <c>:x</c> is a parameter.</summary>
    public bool HasColonParameters { get; init; } = true;

    /// <summary>Whether <c>/x/</c> is a regular expression where an operand is expected.</summary>
    public bool HasRegexes { get; init; }

    /// <summary>Whether <c>@"x"</c> is a literal without escapes.</summary>
    public bool HasVerbatimStrings { get; init; }

    /// <summary>Whether a quoted text before a colon is the name of a member.</summary>
    public bool HasQuotedMembers { get; init; }

    /// <summary>Whether the words have the meaning that SQL gives them.</summary>
    public bool IsSql { get; init; } = true;

    /// <summary>What may stand before a quote as a part of the literal.</summary>
    public FrozenSet<string> Prefixes { get; init; } = [];

    /// <summary>Which of <see cref="Prefixes"/> make the backslash a protection where it is none otherwise.</summary>
    public FrozenSet<string> EscapingPrefixes { get; init; } = [];

    /// <summary>Which of <see cref="Prefixes"/> make it unsure what the backslash does.</summary>
    public FrozenSet<string> UnsurePrefixes { get; init; } = [];

    /// <summary>Whether <c>q'[x]'</c> ends at its own delimiter.</summary>
    public bool HasDelimitedStrings { get; init; }

    /// <summary>Functions whose argument is a literal without quotes.</summary>
    public FrozenSet<string> TypedLiterals { get; init; } = [];

    /// <summary>Functions whose argument is a name.</summary>
    public FrozenSet<string> NamingFunctions { get; init; } = [];
}

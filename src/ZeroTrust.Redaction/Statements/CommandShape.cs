namespace ZeroTrust.Redaction.Statements;

/// <summary>Which arguments of a command are keys; all others are values.</summary>
internal enum CommandShape
{
    /// <summary>None: all arguments go.</summary>
    Values,

    /// <summary>The first one.</summary>
    Key,

    /// <summary>The first one, and there are no others.</summary>
    KeyAlone,

    /// <summary>The first two.</summary>
    TwoKeys,

    /// <summary>All.</summary>
    Keys,

    /// <summary>Behind the first one, which goes, a count and as many keys (<c>EVAL</c>).</summary>
    ScriptAndCountedKeys,

    /// <summary>The first one, a count and as many keys.</summary>
    KeyAndCountedKeys,

    /// <summary>A count and as many keys.</summary>
    CountedKeys,

    /// <summary>The first one is the name of a subcommand, and all others are values.</summary>
    Subcommand,

    /// <summary>The first one is the name of a subcommand, and the second one is a key.</summary>
    SubcommandAndKey,
}

namespace ZeroTrust.Testing;

/// <summary>How a <see cref="ScriptedIssuer"/> answers requests for its documents.</summary>
public enum ScriptedIssuerBehavior
{
    /// <summary>Serves the discovery document and the key set.</summary>
    Healthy = 0,

    /// <summary>Drops every connection without an answer.</summary>
    Down = 1,

    /// <summary>Answers 503.</summary>
    ServerError = 2,

    /// <summary>Answers well-formed JSON padded beyond a megabyte.</summary>
    Oversized = 3,

    /// <summary>Answers text that is not JSON.</summary>
    Garbage = 4,

    /// <summary>Redirects every request to another path of its own that would serve the same document.</summary>
    Redirecting = 5,
}

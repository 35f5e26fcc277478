namespace ZeroTrust.AspNetCore.Internal;

/// <summary>What is being written to the server itself, although no decision accepted the call.</summary>
internal enum GuardedAnswer
{
    None = 0,

    /// <summary>The answer of a refusal.</summary>
    Refusal = 1,

    /// <summary>The answer of the CORS middleware to a preflight.</summary>
    Preflight = 2,
}

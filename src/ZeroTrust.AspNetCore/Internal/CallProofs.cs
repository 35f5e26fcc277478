namespace ZeroTrust.AspNetCore.Internal;

/// <summary>What was asked about the endpoint that a call has now. A newly set endpoint has none of it, also when it is the same one again.</summary>
[Flags]
internal enum CallProofs
{
    None = 0,

    /// <summary>Its decision accepted the call.</summary>
    Accepted = 1,

    /// <summary>The authorization middleware passed the call on: its decision and all further policies accepted it.</summary>
    Admitted = 2,

    /// <summary>It is served on the listener, asked in its place in the pipeline.</summary>
    OnListener = 4,
}

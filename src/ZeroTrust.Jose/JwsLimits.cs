namespace ZeroTrust.Jose;

/// <summary>How large a compact JWS may be; checked before anything is decoded.</summary>
public sealed class JwsLimits
{
    /// <summary>The limits used when a caller gives none: 8192 characters, a header of 1024.</summary>
    public static JwsLimits Default { get; } = new();

    /// <summary>The longest compact serialization.</summary>
    /// <value>Default 8192, in characters.</value>
    public int MaxLength { get; init; } = 8192;

    /// <summary>The longest encoded header.</summary>
    /// <value>Default 1024, in characters.</value>
    public int MaxHeaderLength { get; init; } = 1024;
}

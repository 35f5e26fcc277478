namespace ZeroTrust;

/// <summary>What a <see cref="SubjectId"/> stands for.</summary>
public enum SubjectKind
{
    /// <summary>No subject.</summary>
    Unspecified = 0,

    /// <summary>A person or client known to a token issuer.</summary>
    User = 1,

    /// <summary>A workload that acts on its own, such as a scheduled job.</summary>
    System = 2,
}

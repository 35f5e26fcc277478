namespace ZeroTrust;

/// <summary>Whether something a service depends on can be used.</summary>
public enum DependencyState
{
    /// <summary>Nothing is known yet; counts as not ready.</summary>
    Unknown = 0,

    /// <summary>It can be used.</summary>
    Ready = 1,

    /// <summary>It cannot be used.</summary>
    NotReady = 2,

    /// <summary>It is used and needs an operator, for example the last good certificate after a reload that failed; counts as ready.</summary>
    Degraded = 3,
}

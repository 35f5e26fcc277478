namespace ZeroTrust.Tool.Verify;

/// <summary>How one step of a verification ended.</summary>
internal enum StepResult
{
    /// <summary>An earlier step refused.</summary>
    NotReached = 0,

    /// <summary>The step let it pass.</summary>
    Ok = 1,

    /// <summary>The step refused.</summary>
    No = 2,
}

namespace ZeroTrust.HealthChecks.Internal;

/// <summary>Which questions a dependency or check answers.</summary>
[Flags]
internal enum HealthGroups
{
    None = 0,
    Ready = 1,
    Startup = 2,
    Live = 4,
}

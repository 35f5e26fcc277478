namespace ZeroTrust.AspNetCore;

/// <summary>A set of <see cref="ListenerRole"/>s: where an endpoint may be reached.</summary>
[Flags]
public enum ListenerRoles
{
    /// <summary>Nowhere: the endpoint answers 404 on every listener.</summary>
    None = 0,

    /// <summary>On edge listeners.</summary>
    Edge = 1,

    /// <summary>On mesh listeners.</summary>
    Mesh = 2,

    /// <summary>On probe listeners.</summary>
    Probe = 4,

    /// <summary>On management listeners.</summary>
    Management = 8,
}

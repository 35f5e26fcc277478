namespace ZeroTrust.AspNetCore;

/// <summary>Names of the peer authentication scheme.</summary>
public static class PeerAuthenticationDefaults
{
    /// <summary>The scheme.</summary>
    public const string Scheme = "ZeroTrust.Peer";

    /// <summary>The claim that holds the peer's workload id.</summary>
    public const string WorkloadClaimType = "zerotrust.workload";
}

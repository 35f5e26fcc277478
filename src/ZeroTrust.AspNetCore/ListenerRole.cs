namespace ZeroTrust.AspNetCore;

/// <summary>What a listener is for. The role belongs to the connection; no header can change it.</summary>
public enum ListenerRole
{
    /// <summary>No role: refused at start.</summary>
    Unspecified = 0,

    /// <summary>Users' entry: TLS with our certificate only. Every identity header that arrives here is dropped.</summary>
    Edge = 1,

    /// <summary>Workload to workload: mutual TLS, and the peer is on the listener's list.</summary>
    Mesh = 2,

    /// <summary>Plain HTTP for a kubelet, which has no certificate. Serves nothing but probes.</summary>
    Probe = 3,

    /// <summary>Operators' entry: mutual TLS with a peer list of its own.</summary>
    Management = 4,
}

namespace ZeroTrust.Authz.AspNetCore.Transports;

/// <summary>A circuit that a connection has taken up.</summary>
internal readonly record struct CircuitHold(string Id, TransportOwner Owner);

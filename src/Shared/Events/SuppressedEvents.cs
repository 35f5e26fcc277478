namespace ZeroTrust.Shared;

/// <summary>So many events about a caller, or about all other callers of a kind, were not written.</summary>
internal readonly record struct SuppressedEvents(string Caller, long Count);

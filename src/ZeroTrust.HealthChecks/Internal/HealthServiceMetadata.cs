namespace ZeroTrust.HealthChecks.Internal;

/// <summary>The service an endpoint was said to belong to.</summary>
internal sealed record HealthServiceMetadata(string Service);

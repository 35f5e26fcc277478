namespace ZeroTrust.HealthChecks.Exposure;

/// <summary>One thing that is open.</summary>
/// <param name="Name">What a weakening that allows it is called.</param>
/// <param name="Description">What was found.</param>
/// <param name="Remedy">How to close it.</param>
internal sealed record Finding(string Name, string Description, string Remedy);

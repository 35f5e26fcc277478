namespace ZeroTrust.Authz.AspNetCore.Routes;

/// <summary>What was found of the handler of an endpoint.</summary>
/// <param name="Fault">What it would take from elsewhere, or null.</param>
/// <param name="Accepted">The answers of its application without which there would be more.</param>
internal sealed record TenantRouteFinding(string? Fault, IReadOnlyCollection<DangerousAcceptMemberAttribute> Accepted);

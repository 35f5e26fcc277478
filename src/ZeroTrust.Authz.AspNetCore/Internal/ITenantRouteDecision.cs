namespace ZeroTrust.Authz.AspNetCore.Internal;

/// <summary>A decision that compares a route value with the tenant of the context.</summary>
internal interface ITenantRouteDecision
{
    string? TenantRouteValue { get; }
}

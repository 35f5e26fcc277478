namespace ZeroTrust.Authz.AspNetCore.Routes;

/// <summary>The route value that an endpoint compares, and what its application answers for.</summary>
internal sealed record TenantRoute(string Value, IReadOnlyList<DangerousAcceptMemberAttribute> Accepted)
{
    public bool Accepts(Type type, string member) =>
        Accepted.Any(accepted => accepted.Model == type && string.Equals(accepted.Member, member, StringComparison.Ordinal));
}

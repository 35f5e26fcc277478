namespace ZeroTrust.Authz.AspNetCore.Internal;

internal sealed class AuthzContextFeature(Verdict<AuthzContext> verdict) : IAuthzContextFeature
{
    public Verdict<AuthzContext> Verdict { get; } = verdict;
}

namespace ZeroTrust.Authz.AspNetCore.Internal;

internal sealed class AuthzContextFeature(Verdict<AuthzContext> verdict, ContextIdentity? identity) : IAuthzContextFeature
{
    public Verdict<AuthzContext> Verdict { get; } = verdict;

    public ContextIdentity? Identity { get; } = identity;
}

namespace ZeroTrust.Authz.AspNetCore;

/// <summary>What is known of the authorization context of the current request. Set by <c>UseAuthzContext</c> on every request it lets pass.</summary>
public interface IAuthzContextFeature
{
    /// <summary>
    /// The verified context, or the rejection for its absence (<c>authz.context_missing</c>, or the code of the edge's own provider).
    /// A context that was presented but is not valid never gets this far: it is refused at once.
    /// </summary>
    Verdict<AuthzContext> Verdict { get; }
}

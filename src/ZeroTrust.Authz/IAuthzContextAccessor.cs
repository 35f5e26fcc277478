namespace ZeroTrust.Authz;

/// <summary>The context of the request that is being served, carried with the asynchronous flow.</summary>
public interface IAuthzContextAccessor
{
    /// <summary>The context; null outside any request.</summary>
    /// <exception cref="InvalidOperationException">The request it belonged to has ended: work that outlives a request has no right to the request's context.</exception>
    AuthzContext? Current { get; }

    /// <summary>Makes a context current until the scope is disposed.</summary>
    /// <param name="context">The context.</param>
    /// <returns>The scope; dispose it in the method that entered it.</returns>
    AuthzContextScope Enter(AuthzContext context);
}

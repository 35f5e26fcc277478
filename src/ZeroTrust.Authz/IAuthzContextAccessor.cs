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
    /// <exception cref="RejectionException">The context has expired, by more than the 5 s that clocks may differ: <c>authz.expired</c>.</exception>
    AuthzContextScope Enter(AuthzContext context);

    /// <summary>Takes the current context along, for work that outlives this request. Nothing else makes a context outlive it.</summary>
    /// <returns>What enters the context elsewhere.</returns>
    /// <exception cref="InvalidOperationException">There is no current context, or its request has ended.</exception>
    AuthzContextCapture Capture();

    /// <summary>Takes a context along, for work that outlives this request.</summary>
    /// <param name="context">The context.</param>
    /// <returns>What enters the context elsewhere.</returns>
    AuthzContextCapture Capture(AuthzContext context);
}

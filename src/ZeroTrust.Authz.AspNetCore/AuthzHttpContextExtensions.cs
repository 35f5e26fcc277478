using Microsoft.AspNetCore.Http;

namespace ZeroTrust.Authz.AspNetCore;

/// <summary>The authorization context of a request.</summary>
public static class AuthzHttpContextExtensions
{
    /// <summary>The verified context of the request.</summary>
    /// <param name="context">The request.</param>
    /// <returns>The context.</returns>
    /// <exception cref="RejectionException">
    /// The request has none. Left to itself the exception answers the caller with that rejection, so a handler that asks for a context
    /// on a public endpoint fails closed.
    /// </exception>
    public static AuthzContext GetAuthzContext(this HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return (context.Features.Get<IAuthzContextFeature>()?.Verdict ?? Rejection.NotEvaluated).GetOrThrow();
    }
}

using Microsoft.AspNetCore.Http;

namespace ZeroTrust.Authz.AspNetCore;

/// <summary>
/// What turns a user's credential at an edge listener into an <see cref="AuthzContext"/>. <c>ZeroTrust.Oidc</c> implements it;
/// without one, no caller of an edge listener has a context.
/// </summary>
/// <remarks>
/// It is asked once per request, on edge listeners only, after every inbound context header was removed. An exception fails the
/// request; it never lets it pass.
/// </remarks>
public interface IEdgeContextProvider
{
    /// <summary>Whether the caller presented a credential of the kind this provider reads, valid or not.</summary>
    /// <param name="context">The request.</param>
    /// <returns>
    /// <see langword="true"/> when something was presented: a refusal of it ends the request on every endpoint, public ones included.
    /// <see langword="false"/> when nothing was: the refusal ends the request only where the endpoint's decision needs a context.
    /// </returns>
    bool IsPresented(HttpContext context);

    /// <summary>Judges what was presented and mints the context of the call.</summary>
    /// <param name="context">The request.</param>
    /// <param name="cancellationToken">Cancelled when the caller is gone.</param>
    /// <returns>The context, or why there is none (also when nothing was presented).</returns>
    ValueTask<Verdict<AuthzContext>> GetContextAsync(HttpContext context, CancellationToken cancellationToken);
}

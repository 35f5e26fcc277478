using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;

namespace ZeroTrust.Authz.AspNetCore.Internal;

/// <summary>
/// Puts the identity of the context back. A policy that names schemes replaces the user by theirs, and is judged by what they found alone;
/// what comes after it would take the call for one of another user, or of none.
/// </summary>
internal sealed class ContextUserHandler : IAuthorizationHandler
{
    public Task HandleAsync(AuthorizationHandlerContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (context.Resource is HttpContext call
            && call.Features.Get<IAuthzContextFeature>() is AuthzContextFeature { Identity: { } identity })
        {
            ContextUser.Set(call, identity);
        }

        return Task.CompletedTask;
    }
}

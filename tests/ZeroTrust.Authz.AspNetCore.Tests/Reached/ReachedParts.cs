using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc;

namespace ZeroTrust.Authz.AspNetCore.Tests.Reached;

[Route("/secret")]
internal sealed class SecretController(ReachedCases cases) : ControllerBase
{
    [HttpGet]
    [RequirePermission("orders:read")]
    public Task Get() => cases.AnswerAsync(HttpContext);
}

internal sealed class OtherEndpointFeature : IEndpointFeature
{
    public Endpoint? Endpoint { get; set; }
}

internal sealed class LenientEvaluator : IPolicyEvaluator
{
    public Task<AuthenticateResult> AuthenticateAsync(AuthorizationPolicy policy, HttpContext context) =>
        Task.FromResult(AuthenticateResult.NoResult());

    public Task<PolicyAuthorizationResult> AuthorizeAsync(
        AuthorizationPolicy policy, AuthenticateResult authenticationResult, HttpContext context, object? resource) =>
        Task.FromResult(PolicyAuthorizationResult.Success());
}

internal sealed class LenientAuthorization(IAuthorizationService? asked = null) : IAuthorizationService
{
    public async Task<AuthorizationResult> AuthorizeAsync(
        ClaimsPrincipal user, object? resource, IEnumerable<IAuthorizationRequirement> requirements)
    {
        if (asked is not null)
        {
            await asked.AuthorizeAsync(user, resource, requirements);
        }

        return AuthorizationResult.Success();
    }

    public Task<AuthorizationResult> AuthorizeAsync(ClaimsPrincipal user, object? resource, string policyName) =>
        Task.FromResult(AuthorizationResult.Success());
}

internal sealed class LenientHandler : IAuthorizationHandler
{
    public Task HandleAsync(AuthorizationHandlerContext context)
    {
        foreach (var requirement in context.PendingRequirements.ToArray())
        {
            context.Succeed(requirement);
        }

        return Task.CompletedTask;
    }
}

internal sealed class LenientResultHandler : IAuthorizationMiddlewareResultHandler
{
    public Task HandleAsync(
        RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult authorizeResult) => next(context);
}

internal sealed class LenientPolicies : IAuthorizationPolicyProvider
{
    private static readonly AuthorizationPolicy Anybody = new AuthorizationPolicyBuilder().RequireAssertion(_ => true).Build();

    public Task<AuthorizationPolicy> GetDefaultPolicyAsync() => Task.FromResult(Anybody);

    public Task<AuthorizationPolicy?> GetFallbackPolicyAsync() => Task.FromResult<AuthorizationPolicy?>(Anybody);

    public Task<AuthorizationPolicy?> GetPolicyAsync(string policyName) => Task.FromResult<AuthorizationPolicy?>(Anybody);
}

internal sealed class ForgetfulHandlers : IAuthorizationHandlerProvider
{
    public Task<IEnumerable<IAuthorizationHandler>> GetHandlersAsync(AuthorizationHandlerContext context) =>
        Task.FromResult<IEnumerable<IAuthorizationHandler>>([new LenientHandler()]);
}

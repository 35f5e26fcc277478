using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Hosting.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ZeroTrust.AspNetCore.Internal;

/// <summary>Stops the host before it listens when a service that the guard rests on was replaced.</summary>
internal sealed class GuardProof(IServiceProvider services) : IHostedLifecycleService
{
    private static readonly string[] Servers = ["Microsoft.AspNetCore.Server.Kestrel.Core", "Microsoft.AspNetCore.TestHost"];

    /// <summary>What can be seen without asking anything.</summary>
    public void Prove()
    {
        Require<IAuthorizationMiddlewareResultHandler>(
            service => service is DecisionResultHandler,
            "calls that their decision refuses would be its to pass. To shape the answer to refused calls register an IRejectionWriter instead.");
        Require<IApplicationBuilderFactory>(
            service => service is GuardedApplicationBuilderFactory,
            "its pipeline would not begin with the guard of responses. Add middleware with an IStartupFilter instead.");
        Require<IHttpContextFactory>(
            service => service.GetType() == typeof(DefaultHttpContextFactory),
            "the guard would not see the server's own response. Set features in a middleware instead.");
    }

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        if (services.GetService<IServer>() is null)
        {
            return;
        }

        Prove();
        Require<IServer>(
            service => Servers.Contains(service.GetType().Assembly.GetName().Name, StringComparer.Ordinal),
            "it could answer before the guard of responses. Listeners are bound by Kestrel; add middleware with an IStartupFilter instead.");
        var scope = services.CreateAsyncScope();
        await using (scope.ConfigureAwait(false))
        {
            await ProvePolicyAsync(scope.ServiceProvider).ConfigureAwait(false);
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // Providers of the application are welcome, as long as they keep what is not theirs.
    private static async Task ProvePolicyAsync(IServiceProvider scope)
    {
        var policies = scope.GetRequiredService<IAuthorizationPolicyProvider>();
        var policy = await policies.GetPolicyAsync(EndpointDecisionPolicy.Name).ConfigureAwait(false);
        if (policy?.Requirements.Any(requirement => requirement is EndpointDecisionRequirement) != true)
        {
            throw Replaced(policies, $"it does not know the policy {EndpointDecisionPolicy.Name}, so that every call would be refused. Leave names that are not its own to DefaultAuthorizationPolicyProvider.");
        }

        var providers = scope.GetRequiredService<IAuthorizationHandlerProvider>();
        var context = new AuthorizationHandlerContext(policy.Requirements, new System.Security.Claims.ClaimsPrincipal(), resource: null);
        if (!(await providers.GetHandlersAsync(context).ConfigureAwait(false)).Any(handler => handler is EndpointDecisionHandler))
        {
            throw Replaced(providers, "it leaves out the handler of endpoint decisions, so that every call would be refused. Return every registered IAuthorizationHandler.");
        }
    }

    private static InvalidOperationException Replaced<TService>(TService service, string why)
        where TService : notnull =>
        new($"{typeof(TService).Name} was replaced by {service.GetType()}: {why}");

    private void Require<TService>(Func<TService, bool> isOurs, string why)
        where TService : notnull
    {
        var service = services.GetRequiredService<TService>();
        if (!isOurs(service))
        {
            throw Replaced(service, why);
        }
    }
}

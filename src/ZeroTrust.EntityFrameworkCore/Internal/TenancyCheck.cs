using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ZeroTrust.EntityFrameworkCore.Diagnostics;

namespace ZeroTrust.EntityFrameworkCore.Internal;

/// <summary>Stops the host when a database context is undecided or its model leaves a way round the tenant.</summary>
internal sealed class TenancyCheck(
    IServiceProvider services, IEnumerable<DecidedContext> decided, RegisteredContexts registered, IEnumerable<Weakening> weakenings, ILogger<TenancyCheck> logger)
    : IHostedService
{
    private const string WeakeningPrefix = "tenancy.";

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var decisions = decided.ToLookup(decision => decision.Context, decision => decision.Reason);
        var undecided = registered.Get().Where(context => !decisions.Contains(context)).ToList();
        if (undecided.Count > 0)
        {
            throw new InvalidOperationException(
                $"Undecided database contexts: {string.Join(", ", undecided.Select(context => context.Name))}. Call AddTenancy<T>(), or AddWithoutTenancy<T>(reason) where no row belongs to a tenant.");
        }

        foreach (var decision in decisions)
        {
            if (decision.Any(reason => reason is null))
            {
                await CheckModelAsync(decision.Key).ConfigureAwait(false);
            }
        }

        foreach (var weakening in weakenings.Where(weakening => weakening.Name.StartsWith(WeakeningPrefix, StringComparison.Ordinal)))
        {
            Log.CheckWeakened(logger, weakening.Name, weakening.Reason);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task CheckModelAsync(Type type)
    {
        var scope = services.CreateAsyncScope();
        await using (scope.ConfigureAwait(false))
        {
            var context = (DbContext)ActivatorUtilities.GetServiceOrCreateInstance(scope.ServiceProvider, type);
            await using (context.ConfigureAwait(false))
            {
                if (context.GetService<IDbContextOptions>().FindExtension<TenancyOptionsExtension>() is null)
                {
                    throw new InvalidOperationException($"{type.Name} is made with options that AddTenancy did not see: register it by AddDbContext, AddDbContextPool or AddDbContextFactory.");
                }

                TenantBinding.Of(context).RequireModel();
                foreach (var (mapping, reason) in TenancyMappingCheck.Trusted(context.Model))
                {
                    Log.CheckWeakened(logger, $"{WeakeningPrefix}mapping:{mapping}", reason);
                }

                Log.ContextConfined(logger, type.Name, context.Model.GetEntityTypes().Count(entity => TenancyMetadata.TenantProperty(entity) is not null));
            }
        }
    }
}

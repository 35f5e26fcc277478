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

    private readonly ILookup<Type, string?> _decisions = decided.ToLookup(decision => decision.Context, decision => decision.Reason);

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var contexts = registered.Get().ToList();
        var confined = _decisions.Where(decision => decision.Any(reason => reason is null)).Select(decision => decision.Key).ToList();
        RequireDecisions(
            contexts.Select(context => context.Context).Where(context => !_decisions.Contains(context) && !IsBaseOfAny(context, confined)));
        var tables = new ContextTables();
        foreach (var context in confined)
        {
            await CheckModelAsync(context, tables).ConfigureAwait(false);
        }

        if (tables.FindFaults().ToList() is { Count: > 0 } faults)
        {
            throw new InvalidOperationException(string.Join(Environment.NewLine, faults));
        }

        foreach (var context in contexts.Where(context => !IsWithoutTenancy(context.Context)))
        {
            await CheckMadeAsync(context).ConfigureAwait(false);
        }

        foreach (var weakening in weakenings.Where(weakening => weakening.Name.StartsWith(WeakeningPrefix, StringComparison.Ordinal)))
        {
            Log.CheckWeakened(logger, weakening.Name, weakening.Reason);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static void RequireDecisions(IEnumerable<Type> undecided)
    {
        if (undecided.Distinct().ToList() is { Count: > 0 } contexts)
        {
            throw new InvalidOperationException(
                $"Undecided database contexts: {string.Join(", ", contexts.Select(context => context.Name))}. Call AddTenancy<T>(), or "
                    + "AddWithoutTenancy<T>(reason) where no row belongs to a tenant.");
        }
    }

    // A name for another: what is made under it is looked at.
    private static bool IsBaseOfAny(Type context, List<Type> confined) =>
        confined.Exists(derived => derived != context && context.IsAssignableFrom(derived));

    private bool IsWithoutTenancy(Type context) => _decisions.Contains(context) && _decisions[context].All(reason => reason is not null);

    private async Task CheckMadeAsync(RegisteredContext registration)
    {
        var scope = services.CreateAsyncScope();
        await using (scope.ConfigureAwait(false))
        {
            if (await MadeContexts.FindUnconfinedAsync(
                scope.ServiceProvider, registration, IsWithoutTenancy).ConfigureAwait(false) is { } unconfined)
            {
                RequireDecisions(_decisions.Contains(unconfined) ? [] : [unconfined]);
                throw Unseen(
                    unconfined, $", by the service {registration.Service}{(registration.Key is { } key ? $" ({key})" : string.Empty)}");
            }
        }
    }

    private static InvalidOperationException Unseen(Type context, string where) => new(
        $"{context.Name} is made with options that AddTenancy did not see{where}: register it by AddDbContext, AddDbContextPool or "
            + "AddDbContextFactory.");

    private async Task CheckModelAsync(Type type, ContextTables tables)
    {
        var scope = services.CreateAsyncScope();
        await using (scope.ConfigureAwait(false))
        {
            var context = (DbContext)ActivatorUtilities.GetServiceOrCreateInstance(scope.ServiceProvider, type);
            await using (context.ConfigureAwait(false))
            {
                if (context.GetService<IDbContextOptions>().FindExtension<TenancyOptionsExtension>() is not { } extension)
                {
                    throw Unseen(type, string.Empty);
                }

                TenantBinding.Of(context).RequireModel();
                tables.Add(context, extension.Database);
                foreach (var (mapping, reason) in TenancyMappingCheck.Trusted(context.Model))
                {
                    Log.CheckWeakened(logger, $"{WeakeningPrefix}mapping:{mapping}", reason);
                }

                Log.ContextConfined(logger, type.Name, context.Model.GetEntityTypes().Count(entity => TenancyMetadata.TenantProperty(entity) is not null));
            }
        }
    }
}

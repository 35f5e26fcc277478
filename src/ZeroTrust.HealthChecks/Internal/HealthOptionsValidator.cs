using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace ZeroTrust.HealthChecks.Internal;

internal sealed class HealthOptionsValidator(IOptions<HostOptions> host, IOptions<HealthCheckServiceOptions> checks) : IValidateOptions<HealthOptions>
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan LongestStaleness = TimeSpan.FromHours(1);
    private static readonly TimeSpan LongestDrain = TimeSpan.FromHours(1);
    private const int MostServices = 64;
    internal const int MostRuns = 100;
    internal const int MostStreams = 10_000;

    public ValidateOptionsResult Validate(string? name, HealthOptions options)
    {
        var result = new ValidateOptionsResultBuilder();
        Within(result, nameof(options.PollInterval), options.PollInterval, Shortest, Longest);
        Within(result, nameof(options.CheckTimeout), options.CheckTimeout, Shortest, Longest);
        Within(result, nameof(options.MaxStaleness), options.MaxStaleness, Shortest, LongestStaleness);
        ValidateDrain(result, options);
        if (options.MaxWatchStreams is < 1 or > MostStreams)
        {
            Fail(result, nameof(options.MaxWatchStreams), $"{options.MaxWatchStreams} is not from 1 to 10000");
        }

        if (options.PollInterval + options.CheckTimeout >= options.MaxStaleness)
        {
            Fail(result, nameof(options.MaxStaleness), $"{options.MaxStaleness} is not longer than PollInterval and CheckTimeout together ({options.PollInterval + options.CheckTimeout}), so checks would expire between runs");
        }

        ValidateDependencies(result, options);
        ValidateServices(result, options);
        ValidateChecks(result, options);
        return result.Build();
    }

    private static void Within(ValidateOptionsResultBuilder result, string property, TimeSpan value, TimeSpan least, TimeSpan most)
    {
        if (value < least || value > most)
        {
            Fail(result, property, $"{value} is not from {least} to {most}");
        }
    }

    private static void Counts(ValidateOptionsResultBuilder result, string property, int value)
    {
        if (value is < 1 or > MostRuns)
        {
            Fail(result, property, $"{value} is not from 1 to {MostRuns}");
        }
    }

    private static void Fail(ValidateOptionsResultBuilder result, string property, string problem) =>
        result.AddError($"{HealthOptions.SectionName}:{property}: {problem}.");

    private static void ValidateDependencies(ValidateOptionsResultBuilder result, HealthOptions options)
    {
        if (options.Dependencies.Count > ReadinessHub.MaxDependencies)
        {
            Fail(result, nameof(options.Dependencies), $"more than {ReadinessHub.MaxDependencies}");
        }

        foreach (var (name, dependency) in options.Dependencies)
        {
            if (name.Length is 0 or > ReadinessHub.MaxNameLength)
            {
                Fail(result, nameof(options.Dependencies), $"a name has {name.Length} characters, not 1 to {ReadinessHub.MaxNameLength}");
            }

            if (dependency is null)
            {
                Fail(result, $"{nameof(options.Dependencies)}:{name}", "empty");
            }
            else
            {
                Counts(result, $"{nameof(options.Dependencies)}:{name}:{nameof(dependency.FailureThreshold)}", dependency.FailureThreshold);
                Counts(result, $"{nameof(options.Dependencies)}:{name}:{nameof(dependency.SuccessThreshold)}", dependency.SuccessThreshold);
            }

            if (dependency?.MaxStaleness is { } stale && (stale < Shortest || stale > LongestStaleness))
            {
                Fail(result, $"{nameof(options.Dependencies)}:{name}:{nameof(dependency.MaxStaleness)}", $"{stale} is not from {Shortest} to {LongestStaleness}");
            }
        }
    }

    private static void ValidateServices(ValidateOptionsResultBuilder result, HealthOptions options)
    {
        if (options.Services.Count > MostServices)
        {
            Fail(result, nameof(options.Services), $"more than {MostServices}");
        }

        foreach (var (name, service) in options.Services)
        {
            var path = $"{nameof(options.Services)}:{name}";
            if (name is "" or CheckPlan.ReadyTag or CheckPlan.LiveTag or CheckPlan.StartupTag || name.Length > ReadinessHub.MaxNameLength)
            {
                Fail(result, nameof(options.Services), $"'{name}' is not the name of a service: 1 to {ReadinessHub.MaxNameLength} characters, and none of the process's own questions");
            }

            if (service is null || service.Dependencies.Count == 0)
            {
                Fail(result, $"{path}:{nameof(ServiceOptions.Dependencies)}", "empty; leave the service out where it needs what the process needs");
            }
            else if (service.Dependencies.Any(dependency => dependency.Length is 0 or > ReadinessHub.MaxNameLength))
            {
                Fail(result, $"{path}:{nameof(ServiceOptions.Dependencies)}", $"a name has not 1 to {ReadinessHub.MaxNameLength} characters");
            }
        }
    }

    private void ValidateDrain(ValidateOptionsResultBuilder result, HealthOptions options)
    {
        if (options.PropagationDelay < TimeSpan.Zero)
        {
            Fail(result, nameof(options.PropagationDelay), $"{options.PropagationDelay} is negative");
        }

        Within(result, nameof(options.DrainTimeout), options.DrainTimeout, TimeSpan.Zero, LongestDrain);
        var budget = host.Value.ShutdownTimeout;
        if (budget == Timeout.InfiniteTimeSpan)
        {
            return;
        }

        if (options.PropagationDelay >= budget)
        {
            Fail(result, nameof(options.PropagationDelay), $"{options.PropagationDelay} leaves nothing of HostOptions.ShutdownTimeout ({budget}) for the calls in flight");
        }
        else if (options.PropagationDelay + options.DrainTimeout >= budget)
        {
            Fail(result, nameof(options.DrainTimeout), $"{options.DrainTimeout} and PropagationDelay ({options.PropagationDelay}) do not fit into HostOptions.ShutdownTimeout ({budget})");
        }
    }

    private void ValidateChecks(ValidateOptionsResultBuilder result, HealthOptions options)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var check in checks.Value.Registrations)
        {
            if (!names.Add(check.Name))
            {
                Fail(result, nameof(options.Dependencies), $"health check '{check.Name}' is registered twice");
            }

            if (check.Name.Length is 0 or > ReadinessHub.MaxNameLength)
            {
                Fail(result, nameof(options.Dependencies), $"health check '{check.Name}' has a name of {check.Name.Length} characters, not 1 to {ReadinessHub.MaxNameLength}");
            }

            var plan = CheckPlan.For(check, options);
            if (plan.Groups.HasFlag(HealthGroups.Live) && (plan.Groups != HealthGroups.Live || options.Dependencies.ContainsKey(check.Name)))
            {
                Fail(result, nameof(options.Dependencies), $"health check '{check.Name}' is tagged '{CheckPlan.LiveTag}' and is a dependency; its outage would restart every replica");
            }

            if (plan.Period <= TimeSpan.Zero)
            {
                Fail(result, nameof(options.Dependencies), $"health check '{check.Name}' has no positive period");
            }

            if (plan.MaxStaleness is { } stale && plan.Period + plan.Timeout >= stale)
            {
                Fail(result, nameof(options.MaxStaleness), $"{stale} is not longer than period and timeout of health check '{check.Name}' together ({plan.Period + plan.Timeout}), so it would expire between runs");
            }
        }
    }
}

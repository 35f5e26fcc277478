using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace ZeroTrust.HealthChecks.Tests;

public sealed class HealthOptionsValidatorTests
{
    [Fact]
    public void Defaults_are_valid_without_any_configuration()
    {
        var options = Read(new Settings());

        Assert.Equal(TimeSpan.FromSeconds(1), options.PollInterval);
        Assert.Equal(TimeSpan.FromSeconds(2), options.CheckTimeout);
        Assert.Equal(TimeSpan.FromSeconds(10), options.MaxStaleness);
        Assert.Equal(TimeSpan.FromSeconds(3), options.PropagationDelay);
        Assert.Equal(100, options.MaxWatchStreams);
    }

    [Fact]
    public void Configuration_binds()
    {
        var options = Read(new Settings
        {
            ["PropagationDelay"] = "00:00:05",
            ["Dependencies:billing:Critical"] = "false",
            ["Dependencies:billing:MaxStaleness"] = "00:00:30",
        });

        Assert.Equal(TimeSpan.FromSeconds(5), options.PropagationDelay);
        Assert.False(options.Dependencies["billing"].Critical);
        Assert.Equal(TimeSpan.FromSeconds(30), options.Dependencies["billing"].MaxStaleness);
    }

    [Theory]
    [InlineData("PollInterval", "00:00:00.0099")]
    [InlineData("PollInterval", "00:05:01")]
    [InlineData("CheckTimeout", "00:00:00")]
    [InlineData("CheckTimeout", "00:05:01")]
    [InlineData("MaxStaleness", "00:00:03")]
    [InlineData("MaxStaleness", "01:00:01")]
    [InlineData("PropagationDelay", "-00:00:01")]
    [InlineData("PropagationDelay", "00:00:30")]
    [InlineData("DrainTimeout", "-00:00:01")]
    [InlineData("DrainTimeout", "00:00:27")]
    [InlineData("Dependencies:billing:FailureThreshold", "101")]
    [InlineData("Dependencies:billing:SuccessThreshold", "0")]
    [InlineData("Services:ledger.Ledger:Dependencies", "")]
    [InlineData("Services:ledger.Ledger:Dependencies:0", "")]
    [InlineData("MaxWatchStreams", "0")]
    [InlineData("MaxWatchStreams", "10001")]
    [InlineData("Dependencies:billing:MaxStaleness", "00:00:00")]
    public void A_bad_value_is_refused_under_its_path(string path, string value)
    {
        var exception = Assert.Throws<OptionsValidationException>(() => Read(new Settings { [path] = value }));

        Assert.Contains(exception.Failures, failure => failure.StartsWith($"ZeroTrust:HealthChecks:{path.Replace(":Dependencies:0", ":Dependencies", StringComparison.Ordinal)}: ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("PollInterval", "00:00:00.0100")]
    [InlineData("CheckTimeout", "00:00:00.0100")]
    [InlineData("MaxStaleness", "00:00:03.001")]
    [InlineData("MaxStaleness", "01:00:00")]
    [InlineData("PropagationDelay", "00:00:00")]
    [InlineData("PropagationDelay", "00:00:09.999")]
    [InlineData("DrainTimeout", "00:00:00")]
    [InlineData("DrainTimeout", "00:00:26.999")]
    [InlineData("Dependencies:billing:FailureThreshold", "100")]
    [InlineData("Dependencies:billing:SuccessThreshold", "1")]
    [InlineData("Services:ledger.Ledger:Dependencies:0", "ledger-db")]
    [InlineData("MaxWatchStreams", "1")]
    [InlineData("MaxWatchStreams", "10000")]
    [InlineData("Dependencies:billing:MaxStaleness", "00:00:00.010")]
    public void Its_neighbour_is_accepted(string path, string value) => Assert.NotNull(Read(new Settings { [path] = value }));

    [Fact]
    public void Every_error_is_reported_together()
    {
        var exception = Assert.Throws<OptionsValidationException>(() => Read(new Settings
        {
            ["PollInterval"] = "00:00:00",
            ["MaxWatchStreams"] = "0",
            ["PropagationDelay"] = "00:01:00",
        }));

        Assert.Equal(3, exception.Failures.Count());
    }

    [Fact]
    public void The_delay_is_held_against_the_hosts_own_shutdown_timeout()
    {
        var longer = new Settings { ["PropagationDelay"] = "00:01:00", ["DrainTimeout"] = "00:00:00" };

        Assert.NotNull(Read(longer, services => services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(61))));
        Assert.Throws<OptionsValidationException>(() =>
            Read(longer, services => services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(60))));
    }

    [Fact]
    public void A_check_that_would_expire_between_its_runs_is_refused_by_name()
    {
        var exception = Assert.Throws<OptionsValidationException>(() => Read(new Settings(), services => services.AddHealthChecks().Add(Check("db", TimeSpan.FromSeconds(8)))));
        Assert.Contains("'db'", Assert.Single(exception.Failures), StringComparison.Ordinal);

        Assert.NotNull(Read(new Settings(), services => services.AddHealthChecks().Add(Check("db", TimeSpan.FromSeconds(7)))));
    }

    [Fact]
    public void Two_checks_of_one_name_are_refused()
    {
        var exception = Assert.Throws<OptionsValidationException>(() =>
            Read(new Settings(), services => services.AddHealthChecks().Add(Check("db", period: null)).Add(Check("db", period: null))));

        Assert.Contains("twice", Assert.Single(exception.Failures), StringComparison.Ordinal);
    }

    [Fact]
    public void Registering_twice_adds_nothing_and_keeps_both_configurations()
    {
        var services = Services(new Settings());
        services.AddZeroTrust().AddHealthChecks(options => options.MaxWatchStreams = 7);

        services.AddZeroTrust().AddHealthChecks(options => options.PollInterval = TimeSpan.FromSeconds(2));
        using var provider = services.BuildServiceProvider();

        var options = provider.GetRequiredService<IOptions<HealthOptions>>().Value;

        Assert.Equal(7, options.MaxWatchStreams);
        Assert.Equal(TimeSpan.FromSeconds(2), options.PollInterval);
        Assert.Single(provider.GetServices<IHostedService>(), service => service.GetType().Namespace!.StartsWith("ZeroTrust.HealthChecks", StringComparison.Ordinal));
        Assert.Single(provider.GetServices<IReadinessSignal>());
        Assert.Same(provider.GetRequiredService<ReadinessHub>(), provider.GetRequiredService<IReadinessSignal>());
    }

    [Theory]
    [InlineData(true, "live", "ready")]
    [InlineData(true, "live", "startup")]
    [InlineData(false, "live")]
    [InlineData(false, "ready", "startup")]
    public void A_check_of_liveness_is_no_dependency(bool isRefused, params string[] tags)
    {
        void Add(IServiceCollection services) => services.AddHealthChecks().AddCheck("deadlock", () => HealthCheckResult.Healthy(), tags);

        if (isRefused)
        {
            var exception = Assert.Throws<OptionsValidationException>(() => Read(new Settings(), Add));
            Assert.Contains("restart every replica", Assert.Single(exception.Failures), StringComparison.Ordinal);
        }
        else
        {
            Assert.NotNull(Read(new Settings(), Add));
        }
    }

    [Fact]
    public void A_named_dependency_is_no_check_of_liveness()
    {
        var named = new Settings { ["Dependencies:db:Critical"] = "true" };

        Assert.Throws<OptionsValidationException>(() => Read(named, services => services.AddHealthChecks().AddCheck("db", () => HealthCheckResult.Healthy(), ["live"])));
        Assert.NotNull(Read(named, services => services.AddHealthChecks().AddCheck("db", () => HealthCheckResult.Healthy(), ["ready"])));
    }

    [Theory]
    [InlineData("ready")]
    [InlineData("live")]
    [InlineData("startup")]
    public void A_question_is_no_service(string name) =>
        Assert.Throws<OptionsValidationException>(() => Read(new Settings { [$"Services:{name}:Dependencies:0"] = "db" }));

    private static HealthCheckRegistration Check(string name, TimeSpan? period) =>
        new(name, _ => throw new NotSupportedException(), failureStatus: null, tags: null) { Period = period };

    private static ServiceCollection Services(Settings settings)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create($"{HealthOptions.SectionName}:{setting.Key}", setting.Value)))
            .Build());
        services.AddSingleton<IHostApplicationLifetime, Lifetime>();
        services.AddSingleton<Microsoft.AspNetCore.Routing.EndpointDataSource>(new Microsoft.AspNetCore.Routing.DefaultEndpointDataSource());
        return services;
    }

    private static HealthOptions Read(Settings settings, Action<IServiceCollection>? more = null)
    {
        var services = Services(settings);
        services.AddZeroTrust().AddHealthChecks();
        more?.Invoke(services);
        using var provider = services.BuildServiceProvider();
        return provider.GetRequiredService<IOptions<HealthOptions>>().Value;
    }

    private sealed class Settings() : Dictionary<string, string?>(StringComparer.Ordinal);

    private sealed class Lifetime : IHostApplicationLifetime
    {
        public CancellationToken ApplicationStarted => default;

        public CancellationToken ApplicationStopping => default;

        public CancellationToken ApplicationStopped => default;

        public void StopApplication()
        {
        }
    }
}

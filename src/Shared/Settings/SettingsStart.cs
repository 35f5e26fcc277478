using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ZeroTrust.Shared;

/// <summary>
/// Tells every fault of the settings in one exception. It is made before all other hosted services: Kestrel and others read their options
/// when they are made, and the first of them would report its faults alone.
/// </summary>
internal sealed class SettingsStart : IHostedService
{
    private const string SettingsFile = "appsettings.json";

    private static readonly Action<ILogger, string, string, Exception?> SectionUnread = LoggerMessage.Define<string, string>(
        LogLevel.Warning,
        new EventId(901, nameof(SectionUnread)),
        "{Section} is filled in and read by nothing, since {Registration} was not called.");

    private static readonly Action<ILogger, string, Exception?> SettingsRefused = LoggerMessage.Define<string>(
        LogLevel.Critical,
        new EventId(902, nameof(SettingsRefused)),
        "The host does not start: {Faults}");

    private readonly IConfiguration? _configuration;
    private readonly IHostEnvironment? _environment;
    private readonly ILogger? _logger;
    private readonly SettingsSection[] _registered;

    private SettingsStart(IServiceProvider services)
    {
        _configuration = services.GetService<IConfiguration>();
        _environment = services.GetService<IHostEnvironment>();
        _logger = services.GetService<ILoggerFactory>()?.CreateLogger("ZeroTrust.Settings");
        _registered = [.. services.GetServices<SettingsSection>()];
        Prove(services.GetService<IStartupValidator>());
    }

    /// <summary>Once per host, by the package that is registered first.</summary>
    public static void Register(IServiceCollection services)
    {
        if (services.All(static service => service.ServiceType != typeof(SettingsSection)))
        {
            services.Insert(0, ServiceDescriptor.Singleton<IHostedService>(static provider => new SettingsStart(provider)));
        }
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (_configuration is not null && _logger is not null)
        {
            foreach (var (section, registration) in SettingsTree.Unread(_configuration, _registered))
            {
                SectionUnread(_logger, section, registration, null);
            }
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private void Prove(IStartupValidator? validator)
    {
        List<string> faults = _configuration is null ? [] : [.. SettingsTree.Check(_configuration, _registered)];
        var type = typeof(SettingsSection);
        try
        {
            validator?.Validate();
        }
        catch (OptionsValidationException exception)
        {
            type = exception.OptionsType;
            faults.AddRange(exception.Failures);
        }
        catch (AggregateException exception) when (exception.InnerExceptions.All(static inner => inner is OptionsValidationException))
        {
            faults.AddRange(exception.InnerExceptions.Cast<OptionsValidationException>().SelectMany(static inner => inner.Failures));
        }

        if (faults.Count > 0)
        {
            faults.InsertRange(0, MissingFile());
            var refusal = new OptionsValidationException(SettingsTree.Root, type, faults.Distinct(StringComparer.Ordinal));

            // The host logs what its validators throw, and not what a constructor throws.
            if (_logger is not null)
            {
                SettingsRefused(_logger, refusal.Message, null);
            }

            throw refusal;
        }
    }

    // Started from another folder, a service finds none of its settings, and each fault is true and misleads.
    private IEnumerable<string> MissingFile()
    {
        if (_environment is not { ContentRootPath: var root }
            || _configuration is not IConfigurationRoot { Providers: var sources }
            || _configuration.GetSection(SettingsTree.Root).GetChildren().Any()
            || !sources.Any(static source => source.ToString()?.Contains(SettingsFile, StringComparison.Ordinal) == true))
        {
            yield break;
        }

        var found = File.Exists(Path.Combine(root, SettingsFile))
            ? "and does not hold it"
            : "and is not there; start the service from its folder, or pass --contentRoot";
        yield return $"{SettingsTree.Root}: no source of the configuration has this section. "
            + $"{SettingsFile} is read from the content root, {LogText.Detail(root)}, {found}";
    }
}

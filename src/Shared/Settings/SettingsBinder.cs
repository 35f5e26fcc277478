using System.Runtime.CompilerServices;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace ZeroTrust.Shared;

/// <summary>
/// Binds a section that was held against its shape. What is at fault is left out of the binding and reported when the same options are
/// validated, so that the faults of the section, of its validators and of other packages are told together.
/// </summary>
internal sealed class SettingsBinder<TOptions>(
    IConfiguration configuration, string path, SettingShape shape, Action<IConfiguration, TOptions> bind)
    : IConfigureOptions<TOptions>, IValidateOptions<TOptions>
    where TOptions : class
{
    // By instance: between the two calls the configuration may have changed.
    private readonly ConditionalWeakTable<TOptions, List<string>> _faults = [];

    public void Configure(TOptions options)
    {
        var section = configuration.GetSection(path);
        KeyValuePair<string, string?>[] read = [.. section.AsEnumerable(makePathsRelative: true)];
        var faults = SettingsCheck.Run(path, shape, section.Value, Snapshot(read));
        if (faults.Count > 0)
        {
            _faults.Add(options, [.. faults.Select(static fault => fault.Message)]);
            read = [.. read.Where(setting => !faults.Any(fault => IsAtOrBelow(setting.Key, fault.Key)))];
        }

        bind(Snapshot(read), options);
    }

    public ValidateOptionsResult Validate(string? name, TOptions options) =>
        _faults.TryGetValue(options, out var faults) ? ValidateOptionsResult.Fail(faults) : ValidateOptionsResult.Success;

    // What is bound is what was checked, whatever a provider reloads meanwhile.
    private static IConfigurationRoot Snapshot(IEnumerable<KeyValuePair<string, string?>> settings) =>
        new ConfigurationBuilder().AddInMemoryCollection(settings).Build();

    private static bool IsAtOrBelow(string key, string place) =>
        place.Length > 0
        && key.StartsWith(place, StringComparison.OrdinalIgnoreCase)
        && (key.Length == place.Length || key[place.Length] == ':');
}

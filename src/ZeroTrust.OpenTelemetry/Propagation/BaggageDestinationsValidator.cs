using Microsoft.Extensions.Options;

namespace ZeroTrust.OpenTelemetry.Propagation;

internal sealed class BaggageDestinationsValidator : IValidateOptions<TelemetryExportOptions>
{
    private const int MaxDestinations = 256;

    public ValidateOptionsResult Validate(string? name, TelemetryExportOptions options)
    {
        var result = new ValidateOptionsResultBuilder();
        const string Path = $"{TelemetryExportOptions.SectionName}:{nameof(TelemetryExportOptions.BaggageDestinations)}";
        if (options.BaggageDestinations.Count > MaxDestinations)
        {
            result.AddError($"{Path}: {options.BaggageDestinations.Count} destinations; at most {MaxDestinations} are allowed");
        }

        foreach (var (index, host) in options.BaggageDestinations.Index())
        {
            if (Uri.CheckHostName(HostList.IsSuffix(host) ? host[2..] : host) == UriHostNameType.Unknown)
            {
                result.AddError($"{Path}:{index}: '{host}' is neither a host name nor '*.' and the end of one");
            }
        }

        return result.Build();
    }
}

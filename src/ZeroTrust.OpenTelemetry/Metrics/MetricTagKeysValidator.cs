using Microsoft.Extensions.Options;

namespace ZeroTrust.OpenTelemetry.Metrics;

internal sealed class MetricTagKeysValidator : IValidateOptions<TelemetryExportOptions>
{
    public ValidateOptionsResult Validate(string? name, TelemetryExportOptions options)
    {
        var result = new ValidateOptionsResultBuilder();
        foreach (var (index, key) in options.MetricTagKeys.Index())
        {
            if (string.IsNullOrWhiteSpace(key))
            {
                result.AddError($"{TelemetryExportOptions.SectionName}:{nameof(TelemetryExportOptions.MetricTagKeys)}:{index}: a tag key is required");
            }
        }

        return result.Build();
    }
}

using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace ZeroTrust.OpenTelemetry.Diagnostics;

internal sealed class ExplainRedactionsValidator(IServiceProvider services) : IValidateOptions<TelemetryExportOptions>
{
    public ValidateOptionsResult Validate(string? name, TelemetryExportOptions options) =>
        options.ExplainRedactions && services.GetService<IHostEnvironment>()?.IsDevelopment() is not true
            ? ValidateOptionsResult.Fail(
                $"{TelemetryExportOptions.SectionName}:{nameof(TelemetryExportOptions.ExplainRedactions)}: keys and rules are told in the Development environment only")
            : ValidateOptionsResult.Success;
}

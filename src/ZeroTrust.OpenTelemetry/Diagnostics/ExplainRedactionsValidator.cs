using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace ZeroTrust.OpenTelemetry.Diagnostics;

internal sealed class ExplainRedactionsValidator(IServiceProvider services) : IValidateOptions<RedactionOptions>
{
    public ValidateOptionsResult Validate(string? name, RedactionOptions options) =>
        options.ExplainRedactions && services.GetService<IHostEnvironment>()?.IsDevelopment() is not true
            ? ValidateOptionsResult.Fail(
                $"{RedactionOptions.SectionName}:{nameof(RedactionOptions.ExplainRedactions)}: keys and rules are told in the Development environment only")
            : ValidateOptionsResult.Success;
}

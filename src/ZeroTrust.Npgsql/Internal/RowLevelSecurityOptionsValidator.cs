using Microsoft.Extensions.Options;

namespace ZeroTrust.Npgsql.Internal;

internal sealed class RowLevelSecurityOptionsValidator : IValidateOptions<RowLevelSecurityOptions>
{
    public ValidateOptionsResult Validate(string? name, RowLevelSecurityOptions options)
    {
        var errors = new ValidateOptionsResultBuilder();
        for (var i = 0; i < options.Schemas.Count; i++)
        {
            if (string.IsNullOrWhiteSpace(options.Schemas[i]))
            {
                errors.AddError($"{RowLevelSecurityOptions.SectionName}:{nameof(options.Schemas)}:{i}: is empty");
            }
        }

        for (var i = 0; i < options.SharedObjects.Count; i++)
        {
            if (options.SharedObjects[i].Split('.') is not [{ Length: > 0 }, { Length: > 0 }])
            {
                errors.AddError($"{RowLevelSecurityOptions.SectionName}:{nameof(options.SharedObjects)}:{i}: is not schema.name");
            }
        }

        if (!Enum.IsDefined(options.Pooler))
        {
            errors.AddError($"{RowLevelSecurityOptions.SectionName}:{nameof(options.Pooler)}: must be None, Session or Transaction");
        }

        if (options.AuditTimeout < TimeSpan.FromSeconds(1) || options.AuditTimeout > TimeSpan.FromMinutes(5))
        {
            errors.AddError($"{RowLevelSecurityOptions.SectionName}:{nameof(options.AuditTimeout)}: must lie between 1 s and 5 min");
        }

        CheckReadiness(errors, nameof(options.ReadinessInterval), options.ReadinessInterval);
        CheckReadiness(errors, nameof(options.ReadinessTimeout), options.ReadinessTimeout);
        return errors.Build();
    }

    private static void CheckReadiness(ValidateOptionsResultBuilder errors, string option, TimeSpan value)
    {
        if (value < TimeSpan.FromMilliseconds(100) || value > TimeSpan.FromMinutes(5))
        {
            errors.AddError($"{RowLevelSecurityOptions.SectionName}:{option}: must lie between 100 ms and 5 min");
        }
    }
}

using Microsoft.Extensions.Options;

namespace ZeroTrust.Npgsql.Internal;

internal sealed class RowLevelSecurityOptionsValidator : IValidateOptions<RowLevelSecurityOptions>
{
    public ValidateOptionsResult Validate(string? name, RowLevelSecurityOptions options)
    {
        var errors = new ValidateOptionsResultBuilder();
        for (var i = 0; i < options.ExcludedSchemas.Count; i++)
        {
            if (string.IsNullOrWhiteSpace(options.ExcludedSchemas[i]))
            {
                errors.AddError($"{RowLevelSecurityOptions.SectionName}:{nameof(options.ExcludedSchemas)}:{i}: is empty");
            }
        }

        for (var i = 0; i < options.SharedObjects.Count; i++)
        {
            if (!IsObject(options.SharedObjects[i]))
            {
                errors.AddError($"{RowLevelSecurityOptions.SectionName}:{nameof(options.SharedObjects)}:{i}: is not schema.name, "
                    + "schema.name(argument types) or extension:name");
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

    // Argument types have schemas, too.
    private static bool IsObject(string name) =>
        name.StartsWith("extension:", StringComparison.Ordinal)
            ? name.Length > "extension:".Length
            : name.Split('(', 2)[0].Split('.') is [{ Length: > 0 }, { Length: > 0 }] && (!name.Contains('(', StringComparison.Ordinal)
                || name.EndsWith(')'));

    private static void CheckReadiness(ValidateOptionsResultBuilder errors, string option, TimeSpan value)
    {
        if (value < TimeSpan.FromMilliseconds(100) || value > TimeSpan.FromMinutes(5))
        {
            errors.AddError($"{RowLevelSecurityOptions.SectionName}:{option}: must lie between 100 ms and 5 min");
        }
    }
}

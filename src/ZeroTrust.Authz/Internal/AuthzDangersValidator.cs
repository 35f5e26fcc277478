using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ZeroTrust.Authz.Internal;

/// <summary>Stops the host when what code weakened has no end in sight, or could never take effect.</summary>
internal sealed class AuthzDangersValidator(IServiceProvider services, TimeProvider time) : IValidateOptions<AuthzOptions>
{
    public ValidateOptionsResult Validate(string? name, AuthzOptions options)
    {
        var errors = new ValidateOptionsResultBuilder();
        var dangers = services.GetService<AuthzDangers>();
        foreach (var sender in dangers?.PlainSenders ?? Enumerable.Empty<WorkloadId>())
        {
            if (!options.MintGrants.Any(grant => WorkloadId.TryParse(grant.Workload, out var workload) && workload == sender))
            {
                errors.AddError($"{AuthzOptions.SectionName}:{nameof(AuthzOptions.MintGrants)}: none for {sender}, whose plain headers are accepted");
            }
        }

        var now = time.GetUtcNow();
        if (dangers?.ReportOnlyRollout is { } rollout && (!rollout.IsActive(now) || rollout.Until - now > AuthzReportOnly.MaxDuration))
        {
            errors.AddError($"{nameof(AuthzDangers)}.{nameof(AuthzDangers.ReportOnly)}: ends at {rollout.Until:O}, which has to lie ahead by {AuthzReportOnly.MaxDuration.TotalDays} days at most");
        }

        return errors.Build();
    }
}

using Microsoft.Extensions.Options;

namespace ZeroTrust.Authz.Internal;

internal sealed class AuthzOptionsValidator : IValidateOptions<AuthzOptions>
{
    internal const int MaxCache = 1_000_000;

    public ValidateOptionsResult Validate(string? name, AuthzOptions options)
    {
        var errors = new ValidateOptionsResultBuilder();
        CheckLifetime(errors, $"{AuthzOptions.SectionName}:{nameof(AuthzOptions.ContextLifetime)}", options.ContextLifetime);
        if (options.ReuseWindow < TimeSpan.Zero || options.ReuseWindow > options.ContextLifetime / 2)
        {
            Add(errors, $"{AuthzOptions.SectionName}:{nameof(AuthzOptions.ReuseWindow)}", "must lie between 0 and half the context lifetime");
        }

        if (options.MaxCachedContexts is < 1 or > MaxCache)
        {
            Add(errors, $"{AuthzOptions.SectionName}:{nameof(AuthzOptions.MaxCachedContexts)}", $"must lie between 1 and {MaxCache}");
        }

        CheckCrossTenant(errors, options);
        var seen = new HashSet<WorkloadId>();
        for (var i = 0; i < options.MintGrants.Count; i++)
        {
            CheckGrant(errors, $"{AuthzOptions.SectionName}:{nameof(AuthzOptions.MintGrants)}:{i}", options.MintGrants[i], seen);
        }

        CheckServices(errors, options.TokenServices);
        return errors.Build();
    }

    private static void CheckCrossTenant(ValidateOptionsResultBuilder errors, AuthzOptions options)
    {
        if (options.CrossTenantPermission is { } permission && !PermissionSet.TryCreate([permission], out _))
        {
            Add(errors, $"{AuthzOptions.SectionName}:{nameof(AuthzOptions.CrossTenantPermission)}", "is not a permission ([a-z0-9][a-z0-9._:-]*)");
        }

        if (options.CrossTenantMaxLifetime < TimeSpan.FromSeconds(1) || options.CrossTenantMaxLifetime > TimeSpan.FromHours(1))
        {
            Add(errors, $"{AuthzOptions.SectionName}:{nameof(AuthzOptions.CrossTenantMaxLifetime)}", "must lie between 1 s and 1 h");
        }
    }

    private static void CheckServices(ValidateOptionsResultBuilder errors, IList<TokenServiceOptions> services)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < services.Count; i++)
        {
            var path = $"{AuthzOptions.SectionName}:{nameof(AuthzOptions.TokenServices)}:{i}";
            if (services[i].Issuer is not { Length: > 0 and <= RootClaims.MaxNameLength } issuer || string.IsNullOrWhiteSpace(issuer))
            {
                Add(errors, $"{path}:{nameof(TokenServiceOptions.Issuer)}", "is required");
            }
            else if (WorkloadId.TryParse(issuer, out _))
            {
                Add(errors, $"{path}:{nameof(TokenServiceOptions.Issuer)}", "is a workload, which signs roots with its certificate; give it a mint grant");
            }
            else if (!seen.Add(issuer))
            {
                Add(errors, $"{path}:{nameof(TokenServiceOptions.Issuer)}", "is there already");
            }

            CheckCoverage(errors, path, services[i]);
        }
    }

    private static void CheckGrant(ValidateOptionsResultBuilder errors, string path, MintGrantOptions grant, HashSet<WorkloadId> seen)
    {
        if (!WorkloadId.TryParse(grant.Workload, out var workload))
        {
            Add(errors, $"{path}:{nameof(grant.Workload)}", "is not a workload id (a SPIFFE ID with a path, or dns:name)");
        }
        else if (!seen.Add(workload))
        {
            Add(errors, $"{path}:{nameof(grant.Workload)}", "already has a grant");
        }

        CheckCoverage(errors, path, grant);
    }

    private static void CheckCoverage(ValidateOptionsResultBuilder errors, string path, IMintGrant grant)
    {
        CheckTenants(errors, $"{path}:{nameof(IMintGrant.Tenants)}", grant.Tenants);
        if (grant.SubjectKinds.Count == 0 || grant.SubjectKinds.Any(kind => kind is not (SubjectKind.User or SubjectKind.System)))
        {
            Add(errors, $"{path}:{nameof(IMintGrant.SubjectKinds)}", "must name User, System or both");
        }

        CheckSystemSubjects(errors, $"{path}:{nameof(IMintGrant.SystemSubjects)}", grant);
        if (!PermissionSet.TryCreate(grant.Permissions, out _))
        {
            Add(errors, $"{path}:{nameof(IMintGrant.Permissions)}", $"must be at most {PermissionSet.MaxCount} permissions ([a-z0-9][a-z0-9._:-]*)");
        }

        CheckLifetime(errors, $"{path}:{nameof(IMintGrant.MaxLifetime)}", grant.MaxLifetime);
    }

    private static void CheckSystemSubjects(ValidateOptionsResultBuilder errors, string path, IMintGrant grant)
    {
        for (var i = 0; i < grant.SystemSubjects.Count; i++)
        {
            if (!SubjectId.TryParse(grant.SystemSubjects[i], out var subject) || subject.Kind != SubjectKind.System)
            {
                Add(errors, $"{path}:{i}", "is not system: and a workload id");
            }
        }

        if (grant.SystemSubjects.Count > 0 && !grant.SubjectKinds.Contains(SubjectKind.System))
        {
            Add(errors, path, $"has no effect without System among {nameof(IMintGrant.SubjectKinds)}");
        }
    }

    private static void CheckTenants(ValidateOptionsResultBuilder errors, string path, IList<string> tenants)
    {
        if (tenants.Count == 0)
        {
            Add(errors, path, "must name at least one tenant, or * alone");
        }

        for (var i = 0; i < tenants.Count; i++)
        {
            var every = tenants[i] == MintGrant.EveryTenant;
            if (every ? tenants.Count > 1 : !TenantId.TryParse(tenants[i], out _))
            {
                Add(errors, $"{path}:{i}", every ? "cannot stand beside other tenants" : "is not a tenant id ([a-z0-9][a-z0-9._-]*)");
            }
        }
    }

    private static void CheckLifetime(ValidateOptionsResultBuilder errors, string path, TimeSpan lifetime)
    {
        if (lifetime < TxnToken.MinLifetime || lifetime > TxnToken.MaxLifetime)
        {
            Add(errors, path, $"must lie between {TxnToken.MinLifetime.TotalSeconds} s and {TxnToken.MaxLifetime.TotalSeconds} s");
        }
    }

    private static void Add(ValidateOptionsResultBuilder errors, string path, string message) => errors.AddError($"{path}: {message}");
}

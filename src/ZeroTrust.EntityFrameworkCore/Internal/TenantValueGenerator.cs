using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.ValueGeneration;

namespace ZeroTrust.EntityFrameworkCore.Internal;

/// <summary>Gives new rows the tenant when they are added, so that it can be part of their key.</summary>
internal sealed class TenantValueGenerator(bool asText) : ValueGenerator
{
    public override bool GeneratesTemporaryValues => false;

    protected override object NextValue(EntityEntry entry)
    {
        var tenant = TenantBinding.Of(entry.Context).Require();
        return asText ? tenant.ToString() : tenant;
    }
}

using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata.Conventions;
using Microsoft.EntityFrameworkCore.Metadata.Conventions.Infrastructure;

namespace ZeroTrust.EntityFrameworkCore.Internal;

internal sealed class TenancyConventionPlugin(ICurrentDbContext current, IDbContextOptions options) : IConventionSetPlugin
{
    public ConventionSet ModifyConventions(ConventionSet conventionSet)
    {
        // Before the convention that carries concurrency tokens to types that share a table, and checked once all others are done.
        var crossTenant = options.FindExtension<TenancyOptionsExtension>()!.CrossTenant;
        conventionSet.ModelFinalizingConventions.Insert(0, new TenancyConvention(current.Context, crossTenant));
        conventionSet.ModelFinalizingConventions.Add(new TenancyModelCheck());
        return conventionSet;
    }
}

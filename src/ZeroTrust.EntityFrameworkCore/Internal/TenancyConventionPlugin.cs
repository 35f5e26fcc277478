using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata.Conventions;
using Microsoft.EntityFrameworkCore.Metadata.Conventions.Infrastructure;

namespace ZeroTrust.EntityFrameworkCore.Internal;

internal sealed class TenancyConventionPlugin(ICurrentDbContext current, IDbContextOptions options) : IConventionSetPlugin
{
    public ConventionSet ModifyConventions(ConventionSet conventionSet)
    {
        // Before the convention that carries concurrency tokens to types that share a table.
        conventionSet.ModelFinalizingConventions.Insert(
            0, new TenancyConvention(current.Context, options.FindExtension<TenancyOptionsExtension>()!));
        return conventionSet;
    }
}

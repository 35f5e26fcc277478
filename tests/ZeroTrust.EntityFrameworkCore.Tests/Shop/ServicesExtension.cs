using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.Extensions.DependencyInjection;

namespace ZeroTrust.EntityFrameworkCore.Tests.Shop;

/// <summary>A package that puts services of its own among those of a database context.</summary>
internal sealed class ServicesExtension(Action<IServiceCollection> apply) : IDbContextOptionsExtension
{
    private Action<IServiceCollection> Apply { get; } = apply;

    public DbContextOptionsExtensionInfo Info => new ExtensionInfo(this);

    internal static Action<DbContextOptionsBuilder> Of(Action<IServiceCollection> apply) => options =>
        ((IDbContextOptionsBuilderInfrastructure)options).AddOrUpdateExtension(new ServicesExtension(apply));

    public void ApplyServices(IServiceCollection services) => Apply(services);

    public void Validate(IDbContextOptions options)
    {
    }

    private sealed class ExtensionInfo(ServicesExtension extension) : DbContextOptionsExtensionInfo(extension)
    {
        private readonly Action<IServiceCollection> _apply = extension.Apply;

        public override bool IsDatabaseProvider => false;

        public override string LogFragment => string.Empty;

        public override int GetServiceProviderHashCode() => _apply.GetHashCode();

        public override bool ShouldUseSameServiceProvider(DbContextOptionsExtensionInfo other) =>
            other is ExtensionInfo same && same._apply == _apply;

        public override void PopulateDebugInfo(IDictionary<string, string> debugInfo)
        {
        }
    }
}

using Microsoft.EntityFrameworkCore.Storage;

namespace ZeroTrust.EntityFrameworkCore.Internal;

/// <summary>What all commands are built by: of queries, saves, migrations, raw SQL and the provider.</summary>
internal sealed class TenancyCommandBuilderFactory(IRelationalCommandBuilderFactory inner) : IRelationalCommandBuilderFactory
{
    public IRelationalCommandBuilder Create() => new TenancyCommandBuilder(inner.Create());
}

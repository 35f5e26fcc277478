using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.ValueGeneration;

namespace ZeroTrust.EntityFrameworkCore.Internal;

internal sealed class TenantValueGeneratorFactory : ValueGeneratorFactory
{
    public override ValueGenerator Create(IProperty property, ITypeBase typeBase) => new TenantValueGenerator(property.ClrType == typeof(string));
}

using ZeroTrust.EntityFrameworkCore.Tests.Shop;

namespace ZeroTrust.EntityFrameworkCore.Tests;

public sealed class SqliteTenancyTests : TenancyTests
{
    internal override TestDatabase CreateDatabase() => TestDatabase.Sqlite();
}

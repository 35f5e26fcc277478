using ZeroTrust.EntityFrameworkCore.Tests.Shop;
using ZeroTrust.Tests.Postgres;

namespace ZeroTrust.EntityFrameworkCore.Tests;

public sealed class PostgresTenancyTests(PostgresServer server) : TenancyTests, IClassFixture<PostgresServer>
{
    internal override TestDatabase CreateDatabase() => TestDatabase.Postgres(server);
}

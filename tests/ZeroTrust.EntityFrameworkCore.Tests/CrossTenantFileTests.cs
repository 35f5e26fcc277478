using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using ZeroTrust.EntityFrameworkCore.Tests.Shop;

namespace ZeroTrust.EntityFrameworkCore.Tests;

/// <summary>A grant on SQLite: the file, opened to be read, holds also for what goes past Entity Framework Core.</summary>
public sealed class CrossTenantFileTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("zt-reports-");

    [Theory]
    [InlineData("Mode=ReadOnly", true)]
    [InlineData("Mode=ReadWrite", false)]
    public async Task A_connection_taken_from_a_report_writes_nothing_where_the_file_is_opened_to_be_read(string mode, bool isHeld)
    {
        var path = Path.Combine(_folder.FullName, "shop.db");
        using var shop = new TestShop(
            TestDatabase.SqliteFile(path),
            tenancy => tenancy.AllowCrossTenantReads(
                (_, options) => TestDatabase.Calm(options).UseSqlite($"Data Source={path};Pooling=False;{mode}")));
        using var scope = shop.CreateScope();
        await using var db = scope.ServiceProvider.GetRequiredService<ICrossTenantDbContextFactory<ShopDb>>()
            .CreateDbContext(await Contexts.GrantAsync(shop));
        Assert.Equal(2, await db.Notes.CountAsync(TestContext.Current.CancellationToken));

        var connection = (SqliteConnection)db.Database.GetDbConnection();
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = "DELETE FROM \"Notes\"";
        if (isHeld)
        {
            Assert.Equal(8, (await Assert.ThrowsAsync<SqliteException>(
                () => command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken))).SqliteErrorCode);
        }
        else
        {
            Assert.Equal(2, await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken));
        }
    }

    public void Dispose() => _folder.Delete(recursive: true);
}

using Microsoft.EntityFrameworkCore;
using Npgsql;
using ZeroTrust.Authz;
using ZeroTrust.EntityFrameworkCore;
using ZeroTrust.Npgsql;

namespace ZeroTrust.Samples.Snippets;

/// <summary>The code of docs/guides/tenancy.md.</summary>
internal static class TenancyGuide
{
    internal static void Setup(WebApplicationBuilder builder)
    {
        // snippet: TenancySetup
        builder.Services.AddDbContextPool<OrdersDb>(db => db.UseSqlite("Data Source=orders.db"));
        builder.AddZeroTrustDefaults(zeroTrust => zeroTrust.AddTenancy<OrdersDb>());
        // end
    }

    internal static string[] Policies()
    {
        // snippet: TenancyPolicies
        string[] migration =
        [
            RowSecuritySql.CreateSchema(),
            RowSecuritySql.Enable("orders", "tenant_id"),
            RowSecuritySql.AddKey("orders", "tenant_id", "id"),
            RowSecuritySql.Enable("order_lines", "tenant_id"),
            RowSecuritySql.AddForeignKey("order_lines", "tenant_id", ["order_id"], "orders", "tenant_id", ["id"]),
            RowSecuritySql.CreateView("products", "SELECT tenant_id, product FROM orders"),
        ];
        // end
        return migration;
    }

    internal static string[] Roles()
    {
        // snippet: TenancyRoles
        string[] roles = [RowSecuritySql.RestrictRole("orders_service"), RowSecuritySql.RestrictRole("orders_reports")];
        // end
        return roles;
    }

    internal static void Reports(IZeroTrustBuilder zeroTrust)
    {
        // snippet: TenancyReports
        zeroTrust.AddCrossTenantSource(provider => provider.GetRequiredKeyedService<NpgsqlDataSource>("reports"));
        // end
    }

    internal static void Npgsql(WebApplicationBuilder builder, string connectionString, byte[] secret)
    {
        // snippet: TenancyNpgsql
        builder.Services.AddSingleton(NpgsqlDataSource.Create(connectionString));
        builder.Services.AddZeroTrust().AddRowLevelSecurity(options => options.SigningKey = new TenantSigningKey("2026-06", secret));
        // end
    }

    internal static async Task<bool> Query(TenantDataSource tenants, CancellationToken stop)
    {
        // snippet: TenancyQuery
        await using var connection = await tenants.OpenConnectionAsync(stop);
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT product FROM orders";
        await using var reader = await command.ExecuteReaderAsync(stop);
        // end
        return await reader.ReadAsync(stop);
    }

    internal static async Task<int> Report(CrossTenantGrants grants, ICrossTenantDbContextFactory<OrdersDb> factory, AuthzContext context, CancellationToken stop)
    {
        // snippet: TenancyReport
        var verdict = await grants.AcquireAsync(context, "Monthly report, ticket 4711", TimeSpan.FromMinutes(5), stop);
        await using var db = factory.CreateDbContext(verdict.GetOrThrow());
        return await db.Orders.CountAsync(stop);
        // end
    }

    internal sealed class Order
    {
        public int Id { get; set; }

        public TenantId Tenant { get; set; }

        public Gift? Gift { get; set; }

        public List<OrderLine> Lines { get; } = [];

        public List<Label> Labels { get; } = [];
    }

    internal sealed class Label
    {
        public int Id { get; set; }

        public TenantId Tenant { get; set; }
    }

    internal sealed class Gift
    {
        public int ProductId { get; set; }
    }

    internal sealed class Product
    {
        public int Id { get; set; }

        public TenantId Tenant { get; set; }

        public int CategoryId { get; set; }
    }

    internal sealed class Category
    {
        public int Id { get; set; }
    }

    internal sealed class Turnover
    {
        public int Id { get; set; }

        public TenantId Tenant { get; set; }
    }

    internal sealed class OrderLine
    {
        public int Id { get; set; }

        public TenantId Tenant { get; set; }

        public int OrderId { get; set; }
    }

    internal sealed class Country
    {
        public int Id { get; set; }
    }

    internal sealed class OrdersDb(DbContextOptions<OrdersDb> options) : DbContext(options)
    {
        public DbSet<Order> Orders => Set<Order>();

        protected override void OnModelCreating(ModelBuilder modelBuilder)
        {
            // snippet: TenancyModel
            modelBuilder.Entity<Order>().HasTenant(order => order.Tenant);
            modelBuilder.Entity<OrderLine>().HasTenant(line => line.Tenant);
            modelBuilder.Entity<Order>().HasMany(order => order.Lines).WithOne()
                .HasForeignKey(line => new { line.Tenant, line.OrderId })
                .HasPrincipalKey(order => new { order.Tenant, order.Id });
            modelBuilder.Entity<Country>().SharedByTenants();
            // end
            // snippet: TenancyJoin
            modelBuilder.Entity<Label>().HasTenant(label => label.Tenant);
            modelBuilder.Entity<Order>().HasMany(order => order.Labels).WithMany().UsingEntity(
                "OrderLabels",
                end => end.HasOne(typeof(Label)).WithMany().HasForeignKey("Tenant", "LabelId").HasPrincipalKey("Tenant", "Id"),
                end => end.HasOne(typeof(Order)).WithMany().HasForeignKey("Tenant", "OrderId").HasPrincipalKey("Tenant", "Id"),
                join =>
                {
                    join.Property<TenantId>("Tenant");
                    join.HasTenant("Tenant");
                });
            // end
            modelBuilder.Entity<Product>().HasTenant(product => product.Tenant);
            modelBuilder.Entity<Category>().SharedByTenants(writable: true);

            // snippet: TenancyShapes
            modelBuilder.Entity<Order>().Property(order => order.Tenant).HasColumnName("Tenant");
            modelBuilder.Entity<Order>().OwnsOne(order => order.Gift, gift =>
            {
                gift.Property<TenantId>("Tenant").HasColumnName("Tenant").HasMaxLength(TenantId.MaxLength)
                    .HasConversion(tenant => tenant.ToString(), text => TenantId.Parse(text));
                gift.HasOne<Product>().WithMany()
                    .HasForeignKey("Tenant", nameof(Gift.ProductId))
                    .HasPrincipalKey(nameof(Product.Tenant), nameof(Product.Id));
            });
            modelBuilder.Entity<Product>().HasOne<Category>().WithMany()
                .HasForeignKey(product => product.CategoryId).OnDelete(DeleteBehavior.Restrict);
            modelBuilder.Entity<Turnover>().ToView("turnover").HasTenant(turnover => turnover.Tenant)
                .DangerousTrustMapping("Sums up the rows of one tenant.");
            // end
        }
    }
}

using Microsoft.EntityFrameworkCore;
using ZeroTrust.EntityFrameworkCore;

namespace ZeroTrust.Samples.Billing;

/// <summary>The invoices of the calling tenant.</summary>
internal sealed class BillingDb(DbContextOptions<BillingDb> options) : DbContext(options)
{
    public DbSet<InvoiceRow> Invoices => Set<InvoiceRow>();

    public static async Task CreateAsync(IServiceProvider services)
    {
        await using var scope = services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<BillingDb>().Database.EnsureCreatedAsync();
    }

    protected override void OnModelCreating(ModelBuilder modelBuilder) =>
        modelBuilder.Entity<InvoiceRow>().ToTable("Invoices").HasTenant(invoice => invoice.Tenant);
}

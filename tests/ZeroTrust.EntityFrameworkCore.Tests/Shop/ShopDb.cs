using Microsoft.EntityFrameworkCore;

namespace ZeroTrust.EntityFrameworkCore.Tests.Shop;

public class Blog
{
    public int Id { get; set; }

    public TenantId Tenant { get; set; }

    public string Name { get; set; } = "";

    public bool Hidden { get; set; }

    public Address? Address { get; set; }

    public List<Post> Posts { get; } = [];
}

public class Address
{
    public string Street { get; set; } = "";
}

/// <summary>Refers to its blog by tenant and id.</summary>
public class Post
{
    public int Id { get; set; }

    public TenantId Tenant { get; set; }

    public int BlogId { get; set; }

    public string Title { get; set; } = "";

    public Blog? Blog { get; set; }
}

/// <summary>The tenant is part of the key, and so of the key of its lines.</summary>
public class Invoice
{
    public string TenantId { get; set; } = null!;

    public int Id { get; set; }

    public string Text { get; set; } = "";

    public List<InvoiceLine> Lines { get; } = [];
}

public class InvoiceLine
{
    public int Id { get; set; }

    public string Text { get; set; } = "";
}

/// <summary>Does not show its tenant.</summary>
public class Note
{
    public int Id { get; set; }

    public string Text { get; set; } = "";
}

/// <summary>Shows its tenant as text, empty until it is known.</summary>
public class Tag
{
    public int Id { get; set; }

    public string Tenant { get; set; } = "";
}

public class Country
{
    public int Id { get; set; }

    public string Name { get; set; } = "";
}

public class Setting
{
    public int Id { get; set; }

    public string Value { get; set; } = "";
}

public sealed class ShopDb(DbContextOptions<ShopDb> options) : DbContext(options)
{
    public const string HiddenFilter = "hidden";

    public DbSet<Blog> Blogs => Set<Blog>();

    public DbSet<Post> Posts => Set<Post>();

    public DbSet<Invoice> Invoices => Set<Invoice>();

    public DbSet<Note> Notes => Set<Note>();

    public DbSet<Tag> Tags => Set<Tag>();

    public DbSet<Country> Countries => Set<Country>();

    public DbSet<Setting> Settings => Set<Setting>();

    public DbSet<Item> Items => Set<Item>();

    public DbSet<ItemText> ItemTexts => Set<ItemText>();

    public DbSet<Zone> Zones => Set<Zone>();

    public DbSet<Rack> Racks => Set<Rack>();

    public DbSet<Box> Boxes => Set<Box>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        var blog = modelBuilder.Entity<Blog>();
        blog.Property(row => row.Id).ValueGeneratedNever();
        blog.HasTenant(row => row.Tenant);
        blog.HasQueryFilter(HiddenFilter, row => !row.Hidden);
        blog.OwnsOne(row => row.Address);
        blog.HasMany(row => row.Posts).WithOne(row => row.Blog)
            .HasForeignKey(row => new { row.Tenant, row.BlogId })
            .HasPrincipalKey(row => new { row.Tenant, row.Id });

        var post = modelBuilder.Entity<Post>();
        post.Property(row => row.Id).ValueGeneratedNever();
        post.HasTenant(row => row.Tenant);

        var invoice = modelBuilder.Entity<Invoice>();
        invoice.HasKey(row => new { row.TenantId, row.Id });
        invoice.HasTenant();
        invoice.OwnsMany(row => row.Lines, lines => lines.Property(row => row.Id).ValueGeneratedNever());

        var note = modelBuilder.Entity<Note>();
        note.Property(row => row.Id).ValueGeneratedNever();
        note.HasTenant();

        var tag = modelBuilder.Entity<Tag>();
        tag.Property(row => row.Id).ValueGeneratedNever();
        tag.HasTenant(row => row.Tenant);

        var country = modelBuilder.Entity<Country>();
        country.Property(row => row.Id).ValueGeneratedNever();
        country.HasQueryFilter(row => row.Name != "Atlantis");
        country.SharedByTenants();
        modelBuilder.Entity<Setting>().SharedByTenants(writable: true);
        StockShape.Apply(modelBuilder);
    }
}

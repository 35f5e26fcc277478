using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using ZeroTrust.Authz;
using ZeroTrust.Authz.Internal;
using ZeroTrust.EntityFrameworkCore.Tests.Shapes;
using ZeroTrust.EntityFrameworkCore.Tests.Shop;

namespace ZeroTrust.EntityFrameworkCore.Tests;

/// <summary>Models that leave a way round the tenant, each beside its nearest accepted neighbour.</summary>
public sealed class TenancyModelTests
{
    [Fact]
    public void An_undecided_type_is_refused()
    {
        Refused("Parent is undecided", model => model.Entity<Parent>());
        Accepted(model => model.Entity<Parent>().HasTenant());
        Accepted(model => model.Entity<Parent>().SharedByTenants());
    }

    [Fact]
    public void Two_decisions_are_refused() =>
        Refused("it can be one of them", model => model.Entity<Parent>().SharedByTenants().HasTenant());

    [Fact]
    public void A_tenant_is_a_tenant_id_or_text() =>
        Assert.Throws<ArgumentException>(() => Build(model => model.Entity<Parent>().HasTenant(row => row.Id)));

    [Fact]
    public void A_reference_without_the_tenant_is_refused()
    {
        Refused("without the tenant", model =>
        {
            model.Entity<Parent>().HasTenant();
            model.Entity<Child>().HasTenant();
            model.Entity<Child>().HasOne<Parent>().WithMany().HasForeignKey(row => row.ParentId);
        });
        Accepted(model =>
        {
            model.Entity<Parent>().HasTenant();
            model.Entity<Child>().HasTenant();
            model.Entity<Child>().HasOne<Parent>().WithMany().HasForeignKey("TenantId", "ParentId").HasPrincipalKey("TenantId", "Id");
        });
    }

    [Fact]
    public void A_shared_row_cannot_refer_to_a_tenants()
    {
        Refused("shared by them", model =>
        {
            model.Entity<Parent>().HasTenant();
            model.Entity<Child>().SharedByTenants();
            model.Entity<Child>().HasOne<Parent>().WithMany().HasForeignKey(row => row.ParentId);
        });
        Accepted(model =>
        {
            model.Entity<Parent>().SharedByTenants();
            model.Entity<Child>().HasTenant();
            model.Entity<Child>().HasOne<Parent>().WithMany().HasForeignKey(row => row.ParentId);
        });
    }

    [Fact]
    public void A_table_that_joins_two_types_needs_a_decision_too() =>
        Refused("is undecided", model =>
        {
            model.Entity<Parent>().HasTenant();
            model.Entity<Child>().HasTenant();
            model.Entity<Parent>().HasMany<Child>().WithMany();
        });

    [Fact]
    public void A_unique_index_across_tenants_is_refused()
    {
        Refused("unique across tenants", model =>
        {
            model.Entity<Parent>().HasTenant();
            model.Entity<Parent>().HasIndex(row => row.Name).IsUnique();
        });
        Accepted(model =>
        {
            model.Entity<Parent>().HasTenant();
            model.Entity<Parent>().HasIndex("TenantId", "Name").IsUnique();
            model.Entity<Parent>().HasIndex(row => row.Name);
        });
    }

    [Fact]
    public void A_shared_row_may_delete_what_tenants_may_write_and_none_of_theirs()
    {
        Refused("deletes rows of other tenants", model =>
        {
            model.Entity<Parent>().SharedByTenants(writable: true);
            model.Entity<Child>().HasTenant();
            model.Entity<Child>().HasOne<Parent>().WithMany().HasForeignKey(row => row.ParentId);
        });
        Refused("changes rows that tenants may only read", model =>
        {
            model.Entity<Parent>().SharedByTenants(writable: true);
            model.Entity<Child>().SharedByTenants();
            model.Entity<Child>().Property<int?>("OtherId");
            model.Entity<Child>().HasOne<Parent>().WithMany().HasForeignKey("OtherId").OnDelete(DeleteBehavior.SetNull);
        });
        Accepted(model =>
        {
            model.Entity<Parent>().SharedByTenants(writable: true);
            model.Entity<Child>().SharedByTenants(writable: true);
            model.Entity<Child>().HasOne<Parent>().WithMany().HasForeignKey(row => row.ParentId);
        });
        foreach (var behavior in new[] { DeleteBehavior.Restrict, DeleteBehavior.NoAction, DeleteBehavior.ClientCascade })
        {
            Accepted(model =>
            {
                model.Entity<Parent>().SharedByTenants(writable: true);
                model.Entity<Child>().HasTenant();
                model.Entity<Child>().HasOne<Parent>().WithMany().HasForeignKey(row => row.ParentId).OnDelete(behavior);
            });
        }
    }

    [Fact]
    public void An_owned_type_refers_by_the_column_of_its_owners_tenant() => Accepted(model =>
    {
        var blog = model.Entity<Blog>().Ignore(row => row.Posts).HasTenant(row => row.Tenant);
        blog.Property(row => row.Tenant).HasColumnName("Tenant");
        model.Entity<Parent>().Property<TenantId>("Tenant");
        model.Entity<Parent>().HasTenant("Tenant");
        blog.OwnsOne(row => row.Address, address =>
        {
            address.Property<TenantId>("Tenant").HasColumnName("Tenant").HasMaxLength(TenantId.MaxLength).HasConversion(tenant => tenant.ToString(), text => TenantId.Parse(text));
            address.Property<int>("ParentId");
            address.HasOne<Parent>().WithMany().HasForeignKey("Tenant", "ParentId").HasPrincipalKey("Tenant", "Id");
        });
    });

    [Fact]
    public void A_schema_is_no_second_table_where_the_database_has_none() =>
        Refused("may be one table", model =>
        {
            model.Entity<Parent>().ToTable("Rows").HasTenant();
            model.Entity<Child>().ToTable("Rows", "other").SharedByTenants();
        });

    [Fact]
    public void A_table_of_each_concrete_type_has_the_tenant() => Accepted(model =>
    {
        model.Entity<Parent>().HasTenant();
        model.Entity<Parent>().UseTpcMappingStrategy();
        model.Entity<Heir>();
    });

    [Fact]
    public void A_unique_index_of_a_derived_type_across_tenants_is_refused() =>
        Refused("Heir (Title) is unique across tenants", model =>
        {
            model.Entity<Parent>().HasTenant();
            model.Entity<Heir>().HasIndex(row => row.Title).IsUnique();
        });

    [Fact]
    public void A_function_that_is_built_in_needs_nobody_to_answer_for_it()
    {
        Refused("The function upper is called by the database", model =>
        {
            model.Entity<Parent>().HasTenant();
            model.HasDbFunction(() => Upper(default!)).HasName("upper");
        });
        Accepted(model =>
        {
            model.Entity<Parent>().HasTenant();
            model.HasDbFunction(() => Upper(default!)).HasName("upper").IsBuiltIn();
        });
    }

    [Fact]
    public void What_the_model_cannot_see_through_needs_a_reason()
    {
        Assert.Throws<ArgumentException>(() => Build(model => model.Entity<Parent>().ToView("parents").SharedByTenants().DangerousTrustMapping(" ")));
        Assert.Throws<ArgumentException>(() => Build(model => model.HasDbFunction(() => Upper(default!)).DangerousTrustMapping("")));
    }

    [Fact]
    public void An_owned_table_without_the_tenant_is_refused()
    {
        Refused("table of its own", model =>
        {
            model.Entity<Owner>().HasTenant();
            model.Entity<Owner>().OwnsMany(row => row.Parts);
        });
        Accepted(model =>
        {
            model.Entity<Owner>().HasTenant();
            model.Entity<Owner>().HasKey("TenantId", "Id");
            model.Entity<Owner>().OwnsMany(row => row.Parts);
        });
        Accepted(model =>
        {
            model.Entity<Owner>().HasTenant();
            model.Entity<Owner>().OwnsMany(row => row.Parts, parts => parts.ToJson());
        });
        Accepted(model =>
        {
            model.Entity<Owner>().SharedByTenants();
            model.Entity<Owner>().OwnsMany(row => row.Parts);
        });
    }

    [Fact]
    public void A_hierarchy_in_several_tables_needs_the_tenant_in_its_key()
    {
        Refused("spread over several tables", model =>
        {
            model.Entity<Parent>().HasTenant().UseTptMappingStrategy();
            model.Entity<Heir>();
        });
        Accepted(model =>
        {
            model.Entity<Parent>().HasTenant();
            model.Entity<Parent>().HasKey("TenantId", "Id");
            model.Entity<Parent>().UseTptMappingStrategy();
            model.Entity<Heir>();
        });
        Accepted(model =>
        {
            model.Entity<Parent>().HasTenant();
            model.Entity<Heir>();
        });
        Refused("derives from", model =>
        {
            model.Entity<Parent>().HasTenant();
            model.Entity<Heir>().SharedByTenants();
        });
    }

    [Fact]
    public void A_type_split_over_tables_needs_the_tenant_in_its_key() =>
        Refused("spread over several tables", model => model.Entity<Parent>().ToTable("Parents").SplitToTable("Names", table => table.Property(row => row.Name)).HasTenant());

    [Fact]
    public void All_that_is_wrong_is_told_at_once()
    {
        var exception = Assert.Throws<InvalidOperationException>(() => Build(model =>
        {
            model.Entity<Parent>();
            model.Entity<Child>();
        }));
        Assert.Contains("Parent is undecided", exception.Message, StringComparison.Ordinal);
        Assert.Contains("Child is undecided", exception.Message, StringComparison.Ordinal);
    }

    private static string Upper(string text) => throw new NotSupportedException(text);

    private static void Refused(string expected, Action<ModelBuilder> shape) =>
        Assert.Contains(expected, Assert.Throws<InvalidOperationException>(() => Build(shape)).Message, StringComparison.Ordinal);

    private static void Accepted(Action<ModelBuilder> shape) => Build(shape);

    private static void Build(Action<ModelBuilder> shape)
    {
        var services = new ServiceCollection();
        services.AddSingleton<IAuthzContextAccessor>(new AuthzContextAccessor(TimeProvider.System));
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(shape);
        services.AddDbContext<ShapedDb>(options => TestDatabase.Calm(options).UseSqlite("Data Source=:memory:").EnableServiceProviderCaching(false));
        services.AddZeroTrust().AddTenancy<ShapedDb>();
        using var provider = services.BuildServiceProvider();
        using var scope = provider.CreateScope();
        CheckedModel.Require(scope.ServiceProvider.GetRequiredService<ShapedDb>());
    }

    public sealed class ShapedDb(DbContextOptions<ShapedDb> options, Action<ModelBuilder> shape) : DbContext(options)
    {
        protected override void OnModelCreating(ModelBuilder modelBuilder) => shape(modelBuilder);
    }

    public class Parent
    {
        public int Id { get; set; }

        public string Name { get; set; } = "";
    }

    public class Owner
    {
        public int Id { get; set; }

        public List<Part> Parts { get; } = [];
    }

    public class Heir : Parent
    {
        public string Title { get; set; } = "";
    }

    public class Child
    {
        public int Id { get; set; }

        public int ParentId { get; set; }
    }

    public class Part
    {
        public int Id { get; set; }

        public string Text { get; set; } = "";
    }
}

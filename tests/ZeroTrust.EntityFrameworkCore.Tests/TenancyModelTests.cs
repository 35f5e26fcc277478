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
            address.Property<TenantId>("Tenant").HasColumnName("Tenant").HasMaxLength(TenantId.MaxLength)
                .HasConversion(tenant => tenant.ToString(), text => TenantId.Parse(text));
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
    public void A_function_that_is_said_to_be_built_in_needs_a_reason_as_others_do()
    {
        Refused("The function upper is called by the database", model =>
        {
            model.Entity<Parent>().HasTenant();
            model.HasDbFunction(() => Upper(default!)).HasName("upper");
        });
        Refused("The function query_to_xml is called by the database", model =>
        {
            model.Entity<Parent>().HasTenant();
            model.HasDbFunction(() => Upper(default!)).HasName("query_to_xml").IsBuiltIn();
        });
        Refused("The function Upper is called by the database", model =>
        {
            model.Entity<Parent>().HasTenant();
            model.HasDbFunction(() => Upper(default!)).IsBuiltIn().HasTranslation(arguments => arguments[0]);
        });
        Accepted(model =>
        {
            model.Entity<Parent>().HasTenant();
            model.HasDbFunction(() => Upper(default!)).HasName("upper").IsBuiltIn().DangerousTrustMapping("Reads its argument alone.");
        });
    }

    [Theory]
    [InlineData("Parents", "PARENTS")]
    [InlineData(
        "long_name_of_63_bytes_in_all_that_postgresql_keeps_and_cuts_of_1",
        "long_name_of_63_bytes_in_all_that_postgresql_keeps_and_cuts_of_12")]
    [InlineData(
        "lang_name_of_63_bytes_in_all_that_postgresql_keeps_and_cuts_oä1",
        "lang_name_of_63_bytes_in_all_that_postgresql_keeps_and_cuts_oäb")]
    public void Two_names_that_are_one_table_to_the_database_have_one_decision(string name, string other)
    {
        void Shape(ModelBuilder model, bool isShared)
        {
            model.Entity<Parent>().ToTable(name).HasTenant();
            _ = isShared
                ? model.Entity<Child>().ToTable(other).SharedByTenants(writable: true)
                : model.Entity<Child>().ToTable(other).HasTenant();
        }

        BuildOnPostgres(model => Shape(model, isShared: false));
        Assert.Contains(
            "may be one table",
            Assert.Throws<InvalidOperationException>(() => BuildOnPostgres(model => Shape(model, isShared: true))).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("public")]
    [InlineData("PUBLIC")]
    public void The_schema_that_is_looked_in_first_is_none_of_its_own(string schema)
    {
        void Shape(ModelBuilder model, string other)
        {
            model.Entity<Parent>().ToTable("Rows").HasTenant();
            model.Entity<Child>().ToTable("Rows", other).SharedByTenants();
        }

        Assert.Contains(
            "may be one table",
            Assert.Throws<InvalidOperationException>(() => BuildOnPostgres(model => Shape(model, schema))).Message,
            StringComparison.Ordinal);
        BuildOnPostgres(model => Shape(model, "billing"));
    }

    [Fact]
    public void Names_that_differ_where_the_database_looks_are_two_tables()
    {
        var name = new string('n', 62);
        BuildOnPostgres(model =>
        {
            model.Entity<Parent>().ToTable($"{name}1").HasTenant();
            model.Entity<Child>().ToTable($"{name}2").SharedByTenants(writable: true);
        });
        Accepted(model =>
        {
            model.Entity<Parent>().ToTable($"{name}n1").HasTenant();
            model.Entity<Child>().ToTable($"{name}n2").SharedByTenants(writable: true);
        });
    }

    [Theory]
    [InlineData("Tenant", "TENANT")]
    [InlineData(
        "long_name_of_63_bytes_in_all_that_postgresql_keeps_and_cuts_of_1",
        "long_name_of_63_bytes_in_all_that_postgresql_keeps_and_cuts_of_12")]
    public void Two_names_that_are_the_tenants_column_to_the_database_are_refused(string tenant, string other)
    {
        void Shape(ModelBuilder model, string column)
        {
            model.Entity<Parent>().HasTenant();
            model.Entity<Parent>().Property("TenantId").HasColumnName(tenant);
            model.Entity<Parent>().Property(row => row.Name).HasColumnName(column);
        }

        BuildOnPostgres(model => Shape(model, "Name"));
        Assert.Contains(
            "under another name",
            Assert.Throws<InvalidOperationException>(() => BuildOnPostgres(model => Shape(model, other))).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_join_type_is_told_with_both_of_its_foreign_keys()
    {
        static void Ends(ModelBuilder model)
        {
            model.Entity<Parent>().HasTenant("Tenant");
            model.Entity<Child>().HasTenant("Tenant");
        }

        const string Hint = "for Child say HasMany(...).WithMany(...).UsingEntity(\"ChildParent\", "
            + "end => end.HasOne(typeof(Parent)).WithMany().HasForeignKey(\"Tenant\", \"ParentId\").HasPrincipalKey(\"Tenant\", \"Id\"), "
            + "end => end.HasOne(typeof(Child)).WithMany().HasForeignKey(\"Tenant\", \"ChildId\").HasPrincipalKey(\"Tenant\", \"Id\"), "
            + "join => join.HasTenant(\"Tenant\"))";
        Refused($"is undecided: {Hint}", model =>
        {
            Ends(model);
            model.Entity<Parent>().HasMany<Child>().WithMany();
        });
        Refused($"It is a join type: {Hint}", model =>
        {
            Ends(model);
            model.Entity<Parent>().HasMany<Child>().WithMany().UsingEntity("ChildParent", join => join.HasTenant("Tenant"));
        });
        Accepted(model =>
        {
            Ends(model);
            model.Entity<Child>().HasMany<Parent>().WithMany().UsingEntity(
                "ChildParent",
                end => end.HasOne(typeof(Parent)).WithMany().HasForeignKey("Tenant", "ParentId").HasPrincipalKey("Tenant", "Id"),
                end => end.HasOne(typeof(Child)).WithMany().HasForeignKey("Tenant", "ChildId").HasPrincipalKey("Tenant", "Id"),
                join => join.HasTenant("Tenant"));
        });
    }

    [Fact]
    public void What_the_model_cannot_see_through_needs_a_reason()
    {
        Assert.Throws<ArgumentException>(
            () => Build(model => model.Entity<Parent>().ToView("parents").SharedByTenants().DangerousTrustMapping(" ")));
        Assert.Throws<ArgumentException>(() => Build(model => model.HasDbFunction(() => Upper(default!)).DangerousTrustMapping("")));
    }

    [Fact]
    public void An_owned_table_without_the_tenant_is_refused()
    {
        Refused("whose key lacks the tenant", model =>
        {
            model.Entity<Owner>().HasTenant("Tenant");
            model.Entity<Owner>().OwnsMany(row => row.Parts, parts =>
            {
                parts.Property<string>("Tenant");
                parts.HasKey("Id");
                parts.WithOwner().HasForeignKey("Tenant", "OwnerId").HasPrincipalKey("Tenant", "Id");
            });
        });
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

    private static void Build(Action<ModelBuilder> shape) => Build(shape, options => options.UseSqlite("Data Source=:memory:"));

    // The model alone is looked at; nothing connects.
    private static void BuildOnPostgres(Action<ModelBuilder> shape) => Build(shape, options => options.UseNpgsql("Host=localhost"));

    private static void Build(Action<ModelBuilder> shape, Action<DbContextOptionsBuilder> use)
    {
        var services = new ServiceCollection();
        services.AddSingleton<IAuthzContextAccessor>(new AuthzContextAccessor(TimeProvider.System));
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(shape);
        services.AddDbContext<ShapedDb>(options => use(TestDatabase.Calm(options).EnableServiceProviderCaching(false)));
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

using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.DependencyInjection;
using ZeroTrust.EntityFrameworkCore.Tests.Shop;

namespace ZeroTrust.EntityFrameworkCore.Tests;

/// <summary>Every known way from one tenant to another's rows, on each database.</summary>
public abstract class TenancyTests
{
    [Fact]
    public void Queries_see_the_rows_of_the_tenant_alone()
    {
        using var shop = Open();

        Assert.Equal([1], shop.As("a", db => db.Blogs.Select(blog => blog.Id).ToArray()));
        Assert.Equal([2], shop.As("b", db => db.Blogs.Select(blog => blog.Id).ToArray()));
        Assert.Equal(1, shop.As("a", db => db.Notes.Count()));
        Assert.Equal(["post of a"], shop.As("a", db => db.Blogs.Include(blog => blog.Posts).AsEnumerable().SelectMany(blog => blog.Posts).Select(post => post.Title).ToArray()));
        Assert.Equal(["line of a"], shop.As("a", db => db.Invoices.SelectMany(invoice => invoice.Lines).Select(line => line.Text).ToArray()));
        Assert.Equal(1, shop.As("a", db => db.Blogs.Count(blog => db.Posts.Any(post => post.BlogId >= blog.Id))));
        Assert.Null(shop.As("a", db => db.Blogs.FirstOrDefault(blog => blog.Id == 2)));
        Assert.Equal("a", shop.As("a", db => db.Blogs.Single().Tenant).ToString());
    }

    [Fact]
    public void A_compiled_query_reads_the_tenant_anew_each_time()
    {
        using var shop = Open();
        foreach (var tenant in new[] { "a", "b", "a", "b" })
        {
            Assert.Equal([$"blog of {tenant}"], shop.As(tenant, db => db.Blogs.Select(blog => blog.Name).ToArray()));
        }

        var compiled = EF.CompileQuery((ShopDb db) => db.Blogs.IgnoreQueryFilters().Select(blog => blog.Name));
        foreach (var tenant in new[] { "a", "b", "a" })
        {
            Assert.Equal([$"blog of {tenant}"], shop.As(tenant, db => compiled(db).ToArray()));
        }
    }

    [Fact]
    public void Ignoring_all_filters_leaves_the_tenants_and_lifts_the_others()
    {
        using var shop = Open();
        shop.As("a", db =>
        {
            db.Add(new Blog { Id = 11, Name = "hidden", Hidden = true });
            db.SaveChanges();
        });

        Assert.Equal([1], shop.As("a", db => db.Blogs.Select(blog => blog.Id).ToArray()));
        Assert.Equal([1, 11], shop.As("a", db => db.Blogs.IgnoreQueryFilters().Select(blog => blog.Id).Order().ToArray()));
        Assert.Equal([1, 11], shop.As("a", db => db.Blogs.IgnoreQueryFilters(new[] { ShopDb.HiddenFilter }).Select(blog => blog.Id).Order().ToArray()));
        Assert.Equal([1], shop.As("a", db => db.Notes.Where(note => db.Posts.IgnoreQueryFilters().Any(post => post.Id >= note.Id)).Select(note => note.Id).ToArray()));
        Assert.Equal(["Utopia"], shop.As("a", db => db.Countries.Select(country => country.Name).ToArray()));
        Assert.Equal(2, shop.As("a", db => db.Countries.IgnoreQueryFilters().Count()));
    }

    [Fact]
    public void Ignoring_the_tenant_filter_by_name_is_refused()
    {
        using var shop = Open();
        shop.Refused("tenancy.filter_ignored", db => _ = db.Blogs.IgnoreQueryFilters(new[] { TenancyEntityTypeBuilderExtensions.FilterName }).Count());
        shop.Refused("tenancy.filter_ignored", db => _ = db.Notes.Count(note => db.Posts.IgnoreQueryFilters(new[] { TenancyEntityTypeBuilderExtensions.FilterName }).Any()));
    }

    [Fact]
    public void A_forged_stub_deletes_nothing()
    {
        using var shop = Open();
        shop.TouchesNothing(db => Save(db, db.Remove(new Blog { Id = 2, Tenant = TenantId.Parse("a") })));
        shop.TouchesNothing(db => Save(db, db.Remove(new Blog { Id = 2 })));
        shop.TouchesNothing(db => Save(db, db.Remove(new Note { Id = 2 })));
        shop.TouchesNothing(db => Save(db, db.Remove(new Invoice { TenantId = "a", Id = 2 })));
        shop.Refused("tenancy.foreign_row", db => Save(db, db.Remove(new Blog { Id = 2, Tenant = TenantId.Parse("b") })));
        shop.Refused("tenancy.foreign_row", db => Save(db, db.Remove(new Invoice { TenantId = "b", Id = 2 })));
    }

    [Fact]
    public void A_stub_of_an_own_row_deletes_it()
    {
        using var shop = Open();
        shop.As("a", db => Save(db, db.Remove(new Post { Id = 1 })));
        shop.As("a", db => Save(db, db.Remove(new Note { Id = 1 })));

        Assert.Empty(shop.Database.Read("SELECT 1 FROM \"Notes\" WHERE \"TenantId\" = 'a'"));
        Assert.Empty(shop.Database.Read("SELECT 1 FROM \"Posts\" WHERE \"Tenant\" = 'a'"));
        Assert.Equal(TestShop.UntouchedRowsOfB, shop.RowsOfB);
    }

    [Fact]
    public void An_empty_tenant_is_the_present_one()
    {
        using var shop = Open();
        shop.As("a", db => Save(db, db.Add(new Tag { Id = 1 })));
        Assert.Equal(["1|a"], shop.Database.Read("SELECT \"Id\", \"Tenant\" FROM \"Tags\""));
        Assert.Throws<DbUpdateConcurrencyException>(() => shop.As("b", db => Save(db, db.Remove(new Tag { Id = 1 }))));
        shop.As("a", db => Save(db, db.Remove(new Tag { Id = 1 })));
        Assert.Empty(shop.Database.Read("SELECT 1 FROM \"Tags\""));
    }

    [Fact]
    public void A_forged_stub_updates_nothing()
    {
        using var shop = Open();
        shop.TouchesNothing(db => Save(db, db.Update(new Blog { Id = 2, Tenant = TenantId.Parse("a"), Name = "stolen" })));
        shop.TouchesNothing(db => Save(db, db.Update(new Note { Id = 2, Text = "stolen" })));
        shop.TouchesNothing(db =>
        {
            var note = new Note { Id = 2, Text = "note" };
            db.Attach(note);
            note.Text = "stolen";
            db.SaveChanges();
        });
        shop.TouchesNothing(db => Save(db, db.Update(new Invoice { TenantId = "a", Id = 2, Text = "stolen" })));
        shop.Refused("tenancy.foreign_row", db => Save(db, db.Update(new Blog { Id = 2, Tenant = TenantId.Parse("b"), Name = "stolen" })));
    }

    [Fact]
    public void An_owned_part_of_a_forged_stub_updates_nothing()
    {
        using var shop = Open();
        shop.TouchesNothing(db =>
        {
            var blog = new Blog { Id = 2, Tenant = TenantId.Parse("a"), Address = new Address { Street = "street" } };
            db.Attach(blog);
            blog.Address.Street = "stolen";
            db.SaveChanges();
        });
        shop.TouchesNothing(db =>
        {
            var invoice = new Invoice { TenantId = "a", Id = 2, Lines = { new InvoiceLine { Id = 1, Text = "line" } } };
            db.Attach(invoice);
            invoice.Lines[0].Text = "stolen";
            db.SaveChanges();
        });
        shop.Refused("tenancy.foreign_row", db =>
        {
            var invoice = new Invoice { TenantId = "b", Id = 2, Lines = { new InvoiceLine { Id = 1, Text = "line" } } };
            db.Attach(invoice);
            invoice.Lines[0].Text = "stolen";
            db.SaveChanges();
        });
    }

    [Fact]
    public void A_row_never_changes_its_tenant()
    {
        using var shop = Open();
        shop.Refused("tenancy.tenant_reassigned", db =>
        {
            db.Entry(db.Notes.Single()).Property("TenantId").CurrentValue = "b";
            db.SaveChanges();
        });
        Assert.ThrowsAny<InvalidOperationException>(() => shop.As("a", db =>
        {
            db.Blogs.Single().Tenant = TenantId.Parse("b");
            db.SaveChanges();
        }));
        Assert.Equal(TestShop.UntouchedRowsOfB, shop.RowsOfB);
        Assert.Equal(1, shop.As("a", db => db.Blogs.Count()));
    }

    [Fact]
    public void New_rows_get_the_tenant_and_may_not_claim_another()
    {
        using var shop = Open();
        shop.As("a", db => Save(db, db.Add(new Blog { Id = 21 })));
        shop.As("a", db => Save(db, db.Add(new Blog { Id = 22, Tenant = TenantId.Parse("a") })));
        shop.Refused("tenancy.foreign_row", db => Save(db, db.Add(new Blog { Id = 23, Tenant = TenantId.Parse("b") })));
        shop.Refused("tenancy.foreign_row", db => Save(db, db.Add(new Invoice { TenantId = "b", Id = 3 })));

        Assert.Equal(["1|a", "2|b", "21|a", "22|a"], shop.Database.Read("SELECT \"Id\", \"Tenant\" FROM \"Blogs\" ORDER BY \"Id\""));
    }

    [Fact]
    public void Bulk_updates_change_own_rows_and_never_the_tenant()
    {
        using var shop = Open();
        var b = TenantId.Parse("b");
        shop.Refused("tenancy.tenant_reassigned", db => db.Blogs.ExecuteUpdate(set => set.SetProperty(blog => blog.Tenant, b)));
        shop.Refused("tenancy.tenant_reassigned", db => db.Blogs.ExecuteUpdate(set => set.SetProperty(blog => blog.Name, "x").SetProperty(blog => EF.Property<TenantId>(blog, "Tenant"), b)));
        shop.Refused("tenancy.tenant_reassigned", db => db.Notes.ExecuteUpdate(set => set.SetProperty(note => EF.Property<string>(note, "TenantId"), "b")));
        shop.Refused("tenancy.tenant_reassigned", db => db.Posts.IgnoreQueryFilters().ExecuteUpdate(set => set.SetProperty(post => post.Tenant, b)));
        Assert.Equal(1, shop.As("a", db => db.Blogs.IgnoreQueryFilters().ExecuteUpdate(set => set.SetProperty(blog => blog.Name, "renamed").SetProperty(blog => blog.Address!.Street, "moved"))));
        Assert.Equal(0, shop.As("a", db => db.Notes.IgnoreQueryFilters().Where(note => note.Id == 2).ExecuteUpdate(set => set.SetProperty(note => note.Text, "stolen"))));
        Assert.Equal(TestShop.UntouchedRowsOfB, shop.RowsOfB);
    }

    [Fact]
    public void A_bulk_update_of_what_is_no_property_is_refused()
    {
        using var shop = Open();
        shop.Refused("tenancy.update_unreadable", db => db.Blogs.ExecuteUpdate(set => set.SetProperty(blog => blog.Hidden ? blog.Name : "", "x")));
    }

    [Fact]
    public void A_command_of_unknown_source_is_refused()
    {
        using var shop = Open();
        shop.Refused("tenancy.command_unconfined", db => db.GetService<IRelationalCommandBuilderFactory>().Create().Append("SELECT 1").Build().ExecuteScalar(
            new RelationalCommandParameterObject(db.GetService<IRelationalConnection>(), parameterValues: null, readerColumns: null, db, db.GetService<IRelationalCommandDiagnosticsLogger>())));
    }

    [Fact]
    public void A_model_that_was_built_without_the_filters_is_refused()
    {
        using var database = CreateDatabase();
        var plain = new DbContextOptionsBuilder<ShopDb>();
        database.Use(plain);
        using var unconfined = new ShopDb(plain.Options);
        using var shop = Open(model: unconfined.Model);
        Assert.Equal("tenancy.model_unconfined", Code(() => shop.As("a", db => _ = db.Countries.Count())));
    }

    [Fact]
    public void Bulk_deletes_remove_own_rows_alone()
    {
        using var shop = Open();
        Assert.Equal(0, shop.As("a", db => db.Notes.IgnoreQueryFilters().Where(note => note.Id == 2).ExecuteDelete()));
        Assert.Equal(1, shop.As("a", db => db.Notes.IgnoreQueryFilters().ExecuteDelete()));
        Assert.Equal(TestShop.UntouchedRowsOfB, shop.RowsOfB);
    }

    [Fact]
    public void Raw_sql_is_refused()
    {
        using var shop = Open();
        const string All = "SELECT * FROM \"Blogs\"";
        shop.Refused("tenancy.raw_sql_refused", db => _ = db.Blogs.FromSqlRaw(All).ToList());
        shop.Refused("tenancy.raw_sql_refused", db => _ = db.Blogs.FromSqlRaw(All).Count());
        shop.Refused("tenancy.raw_sql_refused", db => _ = db.Notes.Where(note => db.Blogs.FromSqlRaw(All).Any()).ToList());
        shop.Refused("tenancy.raw_sql_refused", db => _ = db.Database.SqlQueryRaw<string>("SELECT \"Name\" AS \"Value\" FROM \"Blogs\"").ToList());
        shop.Refused("tenancy.raw_sql_refused", db => db.Database.ExecuteSqlRaw("UPDATE \"Blogs\" SET \"Name\" = 'stolen'"));
    }

    [Fact]
    public void Raw_sql_passes_by_a_named_danger_or_where_the_database_enforces_the_tenant()
    {
        using var shop = Open(tenancy => tenancy.DangerousAllowRawSql("A report of the old days."));
        Assert.Contains(shop.Services.GetServices<Weakening>(), weakening => weakening.Name == "tenancy.raw_sql:ShopDb");
        Assert.Equal(2, shop.As("a", db => db.Database.SqlQueryRaw<string>("SELECT \"Name\" AS \"Value\" FROM \"Blogs\"").ToList()).Count);
        Assert.Equal(["blog of a"], shop.As("a", db => db.Blogs.FromSqlRaw("SELECT * FROM \"Blogs\"").Select(blog => blog.Name).ToArray()));
        Assert.Equal("tenancy.context_missing", Refusal(shop, db => db.Database.ExecuteSqlRaw("DELETE FROM \"Notes\"")));
        Assert.Equal(TestShop.UntouchedRowsOfB, shop.RowsOfB);

        using var enforced = Open(tenancy => tenancy.EnforcedByDatabase());
        Assert.Empty(enforced.Services.GetServices<Weakening>());
        Assert.Equal(1, enforced.As("a", db => db.Database.ExecuteSqlRaw("DELETE FROM \"Notes\" WHERE \"TenantId\" = 'a'")));
    }

    [Fact]
    public void A_row_cannot_refer_to_another_tenants()
    {
        using var shop = Open();
        Assert.Throws<DbUpdateException>(() => shop.As("a", db => Save(db, db.Add(new Post { Id = 31, BlogId = 2, Title = "squatting" }))));
        shop.As("a", db => Save(db, db.Add(new Post { Id = 32, BlogId = 1, Title = "at home" })));

        Assert.Empty(shop.Database.Read("SELECT 1 FROM \"Posts\" WHERE \"Id\" = 31"));
        Assert.Equal(TestShop.UntouchedRowsOfB, shop.RowsOfB);
    }

    [Fact]
    public async Task Find_answers_for_the_tenant_alone_even_from_memory()
    {
        using var shop = Open();
        Assert.Null(shop.As("a", db => db.Blogs.Find(2)));
        Assert.NotNull(shop.As("a", db => db.Blogs.Find(1)));
        Assert.Null(shop.As("a", db => db.Invoices.Find("b", 2)));

        using var scope = shop.CreateScope();
        var kept = scope.ServiceProvider.GetRequiredService<ShopDb>();
        using (shop.Enter("b"))
        {
            Assert.NotNull(await kept.Blogs.FindAsync([2], TestContext.Current.CancellationToken));
        }

        var untyped = typeof(Blog);
        using (shop.Enter("a"))
        {
            Assert.Equal("tenancy.tenant_changed", Assert.Throws<RejectionException>(() => kept.Blogs.Find(2)).Rejection.Code);
            Assert.Equal("tenancy.tenant_changed", Assert.Throws<RejectionException>(() => kept.Find(untyped, 2)).Rejection.Code);
            Assert.Equal("tenancy.tenant_changed", (await Assert.ThrowsAsync<RejectionException>(async () => await kept.Blogs.FindAsync([2], TestContext.Current.CancellationToken))).Rejection.Code);
            Assert.Equal("tenancy.tenant_changed", (await Assert.ThrowsAsync<RejectionException>(async () => await kept.FindAsync(untyped, [2], TestContext.Current.CancellationToken))).Rejection.Code);
            Assert.Equal("tenancy.tenant_changed", Assert.Throws<RejectionException>(() => kept.Blogs.Count()).Rejection.Code);
            Assert.Equal("tenancy.tenant_changed", Assert.Throws<RejectionException>(() => kept.SaveChanges()).Rejection.Code);
        }

        Assert.Equal("tenancy.context_missing", Assert.Throws<RejectionException>(() => kept.Blogs.Find(2)).Rejection.Code);
    }

    [Fact]
    public void Reloading_and_loading_through_a_stub_read_nothing_of_others()
    {
        using var shop = Open();
        shop.As("a", db =>
        {
            var stub = new Blog { Id = 2, Tenant = TenantId.Parse("a"), Name = "stub" };
            db.Attach(stub);
            Assert.Null(db.Entry(stub).GetDatabaseValues());
            db.Entry(stub).Collection(blog => blog.Posts).Load();
            Assert.Empty(stub.Posts);
            db.Entry(stub).Reload();
            Assert.Equal("stub", stub.Name);
        });
        shop.As("a", db =>
        {
            var stub = new Blog { Id = 2, Tenant = TenantId.Parse("b"), Name = "stub" };
            db.Attach(stub);
            Assert.Null(db.Entry(stub).GetDatabaseValues());
            db.Entry(stub).Collection(blog => blog.Posts).Load();
            Assert.Empty(stub.Posts);
        });
    }

    [Fact]
    public void Without_a_context_there_is_no_command()
    {
        using var shop = Open();
        Assert.Equal("tenancy.context_missing", Refusal(shop, db => _ = db.Blogs.ToList()));
        Assert.Equal("tenancy.context_missing", Refusal(shop, db => _ = db.Countries.ToList()));
        Assert.Equal("tenancy.context_missing", Refusal(shop, db => db.Notes.ExecuteDelete()));
        Assert.Equal("tenancy.context_missing", Refusal(shop, db => db.SaveChanges()));
        Assert.Equal("tenancy.context_missing", Refusal(shop, db => db.Add(new Note { Id = 41 })));
    }

    [Fact]
    public void A_context_serves_until_the_clock_skew_after_its_end()
    {
        using var shop = Open();
        using var entered = shop.Enter("a");
        shop.Time.Advance(TimeSpan.FromSeconds(124));
        using var scope = shop.CreateScope();
        var db = scope.ServiceProvider.GetRequiredService<ShopDb>();
        Assert.Equal(1, db.Blogs.Count());

        shop.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("authz.expired", Assert.Throws<RejectionException>(() => db.Blogs.Count()).Rejection.Code);
    }

    [Fact]
    public async Task The_context_of_an_ended_request_reads_nothing()
    {
        using var shop = Open();
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task<int> left;
        using (shop.Enter("a"))
        {
            left = Task.Run(
                async () =>
                {
                    await ended.Task;
                    using var scope = shop.CreateScope();
                    return await scope.ServiceProvider.GetRequiredService<ShopDb>().Blogs.CountAsync();
                },
                TestContext.Current.CancellationToken);
        }

        ended.SetResult();
        await Assert.ThrowsAsync<InvalidOperationException>(() => left);
    }

    [Fact]
    public void A_pooled_database_context_forgets_its_tenant()
    {
        using var shop = Open();
        ShopDb first;
        using (shop.Enter("a"))
        using (var scope = shop.CreateScope())
        {
            first = scope.ServiceProvider.GetRequiredService<ShopDb>();
            Assert.Equal(1, first.Blogs.Single().Id);
        }

        using (shop.Enter("b"))
        using (var scope = shop.CreateScope())
        {
            var second = scope.ServiceProvider.GetRequiredService<ShopDb>();
            Assert.Same(first, second);
            Assert.Equal(2, second.Blogs.Single().Id);
            Assert.Null(second.Blogs.Find(1));
        }
    }

    [Fact]
    public void Rows_that_another_interceptor_adds_are_looked_at_too()
    {
        using var shop = Open(interceptor: new AddsForeignRow());
        shop.Refused("tenancy.foreign_row", db => Save(db, db.Add(new Note { Id = AddsForeignRow.Trigger })));
        Assert.Empty(shop.Database.Read("SELECT 1 FROM \"Notes\" WHERE \"Id\" >= 50"));
    }

    [Fact]
    public void Shared_rows_are_read_only_unless_declared_writable()
    {
        using var shop = Open();
        shop.Refused("tenancy.shared_row_written", db => Save(db, db.Add(new Country { Id = 3 })));
        shop.Refused("tenancy.shared_row_written", db => Save(db, db.Remove(new Country { Id = 1 })));
        shop.Refused("tenancy.shared_row_written", db => db.Countries.ExecuteDelete());
        shop.Refused("tenancy.shared_row_written", db => db.Countries.ExecuteUpdate(set => set.SetProperty(country => country.Name, "x")));
        shop.As("a", db => Save(db, db.Add(new Setting { Value = "x" })));
        Assert.Equal(1, shop.As("b", db => db.Settings.ExecuteUpdate(set => set.SetProperty(setting => setting.Value, "y"))));
    }

    [Fact]
    public async Task A_grant_reads_across_tenants_and_writes_nothing()
    {
        using var shop = Open(WithReports);
        var grant = await Contexts.GrantAsync(shop);
        using var scope = shop.CreateScope();
        var factory = scope.ServiceProvider.GetRequiredService<ICrossTenantDbContextFactory<ShopDb>>();
        await using (var db = factory.CreateDbContext(grant))
        {
            Assert.Equal([1, 2], db.Blogs.Select(blog => blog.Id).Order().ToArray());
            Assert.Empty(db.ChangeTracker.Entries());
            Assert.NotNull(await db.Blogs.FindAsync([2], TestContext.Current.CancellationToken));
            Assert.Equal("tenancy.cross_tenant_write", Code(() => db.Notes.ExecuteDelete()));
            Assert.Equal("tenancy.cross_tenant_write", Code(() => db.Notes.ExecuteUpdate(set => set.SetProperty(note => note.Text, "x"))));
            Assert.Equal("tenancy.cross_tenant_write", Code(() => db.Database.ExecuteSqlRaw("DELETE FROM \"Notes\"")));
            Assert.Equal("tenancy.cross_tenant_write", Code(() => db.Database.EnsureCreated()));
            Assert.Equal("tenancy.cross_tenant_write", Code(() => db.Database.Migrate()));
            Assert.Equal("tenancy.cross_tenant_write", Code(
                () => db.GetService<IRelationalCommandBuilderFactory>().Create().Append("DELETE FROM \"Notes\"").Build().ExecuteNonQuery(
                new RelationalCommandParameterObject(
                    db.GetService<IRelationalConnection>(),
                    parameterValues: null,
                    readerColumns: null,
                    db,
                    db.GetService<IRelationalCommandDiagnosticsLogger>()))));
            Assert.Equal("tenancy.raw_sql_refused", Code(() => _ = db.Blogs.FromSqlRaw("SELECT * FROM \"Blogs\"").ToList()));
            Assert.Equal(
                "tenancy.raw_sql_refused", Code(() => _ = db.Database.SqlQueryRaw<int>("DELETE FROM \"Notes\" RETURNING \"Id\"").ToList()));
            Assert.Equal("tenancy.cross_tenant_write", Code(() => db.Remove(new Note { Id = 2 })));
            db.Add(new Country { Id = 9 });
            Assert.Equal("tenancy.cross_tenant_write", Code(() => db.SaveChanges()));
            shop.Time.Advance(TimeSpan.FromSeconds(60));
            Assert.Equal("authz.cross_tenant_grant_expired", Code(() => _ = db.Blogs.ToList()));
        }

        Assert.Equal("authz.cross_tenant_grant_expired", Code(() => factory.CreateDbContext(grant)));
        Assert.Equal([1], shop.As("a", db => db.Blogs.Select(blog => blog.Id).ToArray()));
        Assert.Equal(TestShop.UntouchedRowsOfB, shop.RowsOfB);
    }

    internal abstract TestDatabase CreateDatabase();

    internal TestShop Open(Action<TenancyBuilder<ShopDb>>? configure = null, IInterceptor? interceptor = null, IModel? model = null) => new(CreateDatabase(), configure, interceptor, model);

    private void WithReports(TenancyBuilder<ShopDb> tenancy) =>
        tenancy.AllowCrossTenantReads((services, options) => services.GetRequiredService<TestDatabaseHolder>().Database.Use(options));

    private static void Save(ShopDb db, object tracked)
    {
        Assert.NotNull(tracked);
        db.SaveChanges();
    }

    private static string Code(Action act) => TestShop.RefusalOf(act).Code;

    private static string Refusal(TestShop shop, Action<ShopDb> act)
    {
        using var scope = shop.CreateScope();
        var db = scope.ServiceProvider.GetRequiredService<ShopDb>();
        return Code(() => act(db));
    }

    private sealed class AddsForeignRow : SaveChangesInterceptor
    {
        internal const int Trigger = 50;

        public override InterceptionResult<int> SavingChanges(DbContextEventData eventData, InterceptionResult<int> result)
        {
            if (eventData.Context!.ChangeTracker.Entries<Note>().Any(entry => entry.Entity.Id == Trigger))
            {
                eventData.Context.Add(new Blog { Id = 51, Tenant = TenantId.Parse("b"), Name = "planted" });
            }

            return result;
        }
    }
}

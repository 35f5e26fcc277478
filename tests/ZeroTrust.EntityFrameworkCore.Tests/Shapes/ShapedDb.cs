using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Microsoft.EntityFrameworkCore.Metadata.Conventions;

namespace ZeroTrust.EntityFrameworkCore.Tests.Shapes;

/// <summary>A database context of any shape.</summary>
public sealed class ShapedDb(DbContextOptions<ShapedDb> options, ModelShape shape) : DbContext(options)
{
    public IQueryable<Product> EveryProduct() => FromExpression(() => EveryProduct());

    public static string NamesOfAll() => throw new NotSupportedException("It runs in the database.");

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        foreach (var type in new[] { typeof(Product), typeof(Purchase), typeof(Category), typeof(Shelf), typeof(ProductText) })
        {
            if (shape.Types.Contains(type))
            {
                modelBuilder.Entity(type).Property<int>("Id").ValueGeneratedNever();
            }
        }

        shape.Shape(modelBuilder, this);
    }

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        if (shape.Finish is { } finish)
        {
            configurationBuilder.Conventions.Add(_ => new Finishing(finish));
        }
    }

    private sealed class Finishing(Action<IConventionModelBuilder> finish) : IModelFinalizingConvention
    {
        public void ProcessModelFinalizing(IConventionModelBuilder modelBuilder, IConventionContext<IConventionModelBuilder> context) =>
            finish(modelBuilder);
    }
}

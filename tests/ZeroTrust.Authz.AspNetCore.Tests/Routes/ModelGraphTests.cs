using Microsoft.Extensions.DependencyInjection;
using ZeroTrust.Authz.AspNetCore.Routes;

namespace ZeroTrust.Authz.AspNetCore.Tests.Routes;

/// <summary>The walk through models ends, and what it did not see to its end is refused.</summary>
/// <remarks>Without a host: the framework itself does not come back from a body whose type grows without end.</remarks>
public sealed class ModelGraphTests
{
    [Theory]
    [InlineData(typeof(Growing<int>))]
    [InlineData(typeof(List<Growing<string>>))]
    public void A_model_that_holds_a_larger_one_of_itself_is_refused(Type model) => Assert.Contains("generic without end", Find(model), StringComparison.Ordinal);

    [Fact]
    public void A_model_that_is_nested_deeper_than_serializers_read_is_refused() =>
        Assert.Contains("nested deeper", Find(Enumerable.Range(0, 12).Aggregate(typeof(int), static (inner, _) => typeof(Level<>).MakeGenericType(inner))), StringComparison.Ordinal);

    [Theory]
    [InlineData(typeof(Level<Level<Level<Level<Level<Level<Level<int>>>>>>>))]
    [InlineData(typeof(List<Dictionary<string, List<Level<int>>>>))]
    [InlineData(typeof(Swapped<int, string>))]
    public void A_model_that_is_generic_to_an_end_is_looked_through(Type model) => Assert.Null(Find(model));

    private static string? Find(Type model)
    {
        using var services = new ServiceCollection().AddOptions().BuildServiceProvider();
        var models = new ModelGraph(new ModelReaders(services));
        return models.FindSource(model, "body", new TenantRoute("tenant", []), models.Readers.OfHandlers);
    }

    internal sealed class Growing<T>
    {
        public Growing<List<T>>? More { get; set; }

        public Growing<T[]>? Most { get; set; }

        public T? Value { get; set; }
    }

    internal sealed class Level<T>
    {
        public T? Inner { get; set; }
    }

    // Names itself with other arguments, and comes back to the first.
    internal sealed class Swapped<TOne, TOther>
    {
        public Swapped<TOther, TOne>? Back { get; set; }
    }
}

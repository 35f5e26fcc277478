using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Microsoft.EntityFrameworkCore.Metadata.Conventions;

namespace ZeroTrust.EntityFrameworkCore.Internal;

/// <summary>Turns the decisions of the model into filters, generated values and concurrency tokens.</summary>
internal sealed class TenancyConvention(DbContext context, bool crossTenant) : IModelFinalizingConvention
{
    // The name a filter without one gets, so that "all filters" can be asked for by name and leave the tenant's out.
    private const string UnnamedFilter = "ZeroTrust.Unnamed";

    public void ProcessModelFinalizing(IConventionModelBuilder modelBuilder, IConventionContext<IConventionModelBuilder> context)
    {
        var model = (IMutableModel)modelBuilder.Metadata;
        foreach (var type in model.GetEntityTypes())
        {
            NameFilter(type);
            if (type.BaseType is null && TenancyMetadata.TenantProperty(type) is IMutableProperty property)
            {
                Confine(type, property);
            }
            else if (type.FindOwnership() is { } ownership && !TenancyMetadata.IsPartOfOwner(type) && OwnersTenant(ownership) is { } owned)
            {
                type.SetAnnotation(TenancyMetadata.TenantAnnotation, owned.Name);
            }
        }

        model.SetAnnotation(TenancyMetadata.ConfinedAnnotation, value: true);
    }

    private void Confine(IMutableEntityType type, IMutableProperty property)
    {
        type.SetQueryFilter(TenancyEntityTypeBuilderExtensions.FilterName, crossTenant ? null : TenantFilter.Create(type, property, context));
        property.ValueGenerated = ValueGenerated.OnAdd;
        property.SetValueGeneratorFactory(typeof(TenantValueGeneratorFactory));
        property.SetAfterSaveBehavior(PropertySaveBehavior.Throw);

        // The tenant in the WHERE clause of every UPDATE and DELETE; a key is there anyway.
        property.IsConcurrencyToken = !property.IsPrimaryKey();
    }

    private static void NameFilter(IMutableEntityType type)
    {
        if (type.GetDeclaredQueryFilters().FirstOrDefault(filter => filter.Key is null)?.Expression is { } unnamed)
        {
            type.SetQueryFilter(queryFilter: null);
            type.SetQueryFilter(UnnamedFilter, unnamed);
        }
    }

    // The column of an owned type's table that repeats the owner's tenant; there is one where the tenant is part of the owner's key.
    private static IReadOnlyProperty? OwnersTenant(IReadOnlyForeignKey ownership)
    {
        var tenant = TenancyMetadata.TenantProperty(ownership.PrincipalEntityType);
        for (var i = 0; tenant is not null && i < ownership.Properties.Count; i++)
        {
            if (ownership.PrincipalKey.Properties[i] == tenant)
            {
                return ownership.Properties[i];
            }
        }

        return null;
    }
}

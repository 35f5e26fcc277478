using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Microsoft.EntityFrameworkCore.Metadata.Conventions;

namespace ZeroTrust.EntityFrameworkCore.Internal;

/// <summary>Turns the decisions of the model into filters, generated values and concurrency tokens.</summary>
internal sealed class TenancyConvention(DbContext context, TenancyOptionsExtension extension) : IModelFinalizingConvention
{
    // The name a filter without one gets, so that "all filters" can be asked for by name and leave the tenant's out.
    private const string UnnamedFilter = "ZeroTrust.Unnamed";

    public void ProcessModelFinalizing(IConventionModelBuilder modelBuilder, IConventionContext<IConventionModelBuilder> context)
    {
        var model = (IMutableModel)modelBuilder.Metadata;
        foreach (var type in model.GetEntityTypes().OrderBy(Depth).ToList())
        {
            NameFilter(type);
            if (type.FindOwnership() is { } ownership)
            {
                NameOwned(type, ownership);
            }
            else if (type.BaseType is null && TenancyMetadata.TenantProperty(type) is IMutableProperty property)
            {
                type.SetQueryFilter(TenancyEntityTypeBuilderExtensions.FilterName, CreateFilter(type, property));
                Confine(property);
            }
        }

        model.SetAnnotation(TenancyMetadata.ConfinedAnnotation, extension.ModelKind);
    }

    // Owners first: what they own repeats their tenant.
    private static int Depth(IReadOnlyEntityType type) =>
        type.FindOwnership() is { } ownership ? 1 + Depth(ownership.PrincipalEntityType) : 0;

    private LambdaExpression CreateFilter(IMutableEntityType type, IMutableProperty property) =>
        extension.CrossTenant ? TenantFilter.CreateAcross(type, context) : TenantFilter.Create(type, property, context);

    private static void Confine(IMutableProperty property)
    {
        if ((property.GetComputedColumnSql() ?? property.GetDefaultValueSql()) is not null
            || property.FindAnnotation(RelationalAnnotationNames.DefaultValue) is not null)
        {
            // Kept for the check: what the database fills in is not in the model that queries run on.
            property.DeclaringType.SetAnnotation(TenancyMetadata.FilledAnnotation, value: true);
        }

        KeepCollation(property);
        property.ValueGenerated = ValueGenerated.OnAdd;
        property.SetValueGeneratorFactory(typeof(TenantValueGeneratorFactory));
        property.SetBeforeSaveBehavior(PropertySaveBehavior.Save);
        property.SetAfterSaveBehavior(PropertySaveBehavior.Throw);

        // The tenant in the WHERE clause of every UPDATE and DELETE; a key is there anyway.
        property.IsConcurrencyToken = !property.IsPrimaryKey();
    }

    // As above.
    private static void KeepCollation(IMutableProperty property)
    {
        if (property.GetCollation() is { } collation)
        {
            property.DeclaringType.SetAnnotation(TenancyMetadata.CollatedAnnotation, collation);
        }
    }

    private static void NameFilter(IMutableEntityType type)
    {
        if (type.GetDeclaredQueryFilters().FirstOrDefault(filter => filter.Key is null)?.Expression is { } unnamed)
        {
            type.SetQueryFilter(queryFilter: null);
            type.SetQueryFilter(UnnamedFilter, unnamed);
        }
    }

    private static void NameOwned(IMutableEntityType type, IMutableForeignKey ownership)
    {
        if (!TenancyMetadata.IsPartOfOwner(type))
        {
            if (OwnersTenant(ownership) is { } key)
            {
                type.SetAnnotation(TenancyMetadata.TenantAnnotation, key.Name);
                KeepCollation(key);
            }
        }
        else if (!type.IsMappedToJson() && Repeated(type, ownership.PrincipalEntityType) is { } repeated)
        {
            type.SetAnnotation(TenancyMetadata.TenantAnnotation, repeated.Name);
            Confine(repeated);
        }
    }

    // The column of an owned type's table that repeats the owner's tenant; there is one where the tenant is part of the owner's key.
    private static IMutableProperty? OwnersTenant(IMutableForeignKey ownership)
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

    // The tenant's column of the owner's row, seen once more as a property of the owned type: for its foreign keys.
    private static IMutableProperty? Repeated(IMutableEntityType type, IReadOnlyEntityType owner)
    {
        while (owner.FindOwnership() is { } ownership && TenancyMetadata.IsPartOfOwner(owner))
        {
            owner = ownership.PrincipalEntityType;
        }

        return StoreObjectIdentifier.Create(type, StoreObjectType.Table) is { } table
            && TenancyMetadata.TenantProperty(owner)?.GetColumnName(table) is { } column
            ? type.GetDeclaredProperties().FirstOrDefault(property => !property.IsPrimaryKey() && property.GetColumnName(table) == column)
            : null;
    }
}

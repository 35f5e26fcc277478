using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using ZeroTrust.EntityFrameworkCore.Internal;

namespace ZeroTrust.EntityFrameworkCore;

/// <summary>
/// The one decision each entity type needs: rows of one tenant each, or rows shared by all. An undecided type stops the host.
/// </summary>
public static class TenancyEntityTypeBuilderExtensions
{
    /// <summary>The name of the query filter that confines a type to the tenant.</summary>
    public const string FilterName = "ZeroTrust.Tenant";

    private const string DefaultProperty = "TenantId";

    /// <summary>Each row belongs to the one tenant named by a property.</summary>
    /// <typeparam name="TEntity">The root type of its hierarchy.</typeparam>
    /// <typeparam name="TProperty"><see cref="TenantId"/> or <see cref="string"/>.</typeparam>
    /// <param name="builder">The builder.</param>
    /// <param name="property">The property; it is filled in for new rows and never changes.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentException">The property is neither a <see cref="TenantId"/> nor a <see cref="string"/>.</exception>
    /// <remarks>
    /// Queries see the tenant's rows alone, and every UPDATE and DELETE has the tenant in its WHERE clause. Other filters of the type need
    /// a name.
    /// Until the database context is registered with <c>AddTenancy</c> the type has no rows at all.
    /// </remarks>
    public static EntityTypeBuilder<TEntity> HasTenant<TEntity, TProperty>(this EntityTypeBuilder<TEntity> builder, Expression<Func<TEntity, TProperty>> property)
        where TEntity : class
    {
        ArgumentNullException.ThrowIfNull(builder);
        Declare(builder, builder.Property(property));
        return builder;
    }

    /// <summary>Each row belongs to the one tenant named by <c>TenantId</c>, a column that the class need not show.</summary>
    /// <param name="builder">The builder.</param>
    /// <returns>The same builder.</returns>
    public static EntityTypeBuilder HasTenant(this EntityTypeBuilder builder) => builder.HasTenant(DefaultProperty);

    /// <summary>Each row belongs to the one tenant named by a column that the class need not show.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="property">The name of the property, a shadow property unless the class has it.</param>
    /// <returns>The same builder.</returns>
    public static EntityTypeBuilder HasTenant(this EntityTypeBuilder builder, string property)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(property);
        Declare(builder, builder.Metadata.FindProperty(property) is null && builder.Metadata.ClrType.GetProperty(property) is null
            ? builder.Property<string>(property)
            : builder.Property(property));
        return builder;
    }

    /// <summary>The rows belong to no tenant and are the same for all.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="writable">Whether calls of tenants may write them. What one tenant writes there, all others read.</param>
    /// <returns>The same builder.</returns>
    public static EntityTypeBuilder SharedByTenants(this EntityTypeBuilder builder, bool writable = false)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.HasAnnotation(TenancyMetadata.SharedAnnotation, writable);
        return builder;
    }

    /// <summary>
    /// Answers for what the model cannot see through: the view, query, function, stored procedures or triggers of the type show, write and
    /// change rows of the present tenant alone, or what is the same for all.
    /// </summary>
    /// <param name="builder">The builder.</param>
    /// <param name="reason">Why that is so.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentException">There is no reason.</exception>
    /// <remarks>Without it the host does not start, unless the database enforces the tenant. It is logged at start.</remarks>
    public static EntityTypeBuilder DangerousTrustMapping(this EntityTypeBuilder builder, string reason)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrWhiteSpace(reason);
        builder.HasAnnotation(TenancyMetadata.TrustedAnnotation, reason);
        return builder;
    }

    /// <summary>Answers for a function of the database: it reads and writes rows of the present tenant alone, or none.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="reason">Why that is so.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentException">There is no reason.</exception>
    /// <remarks>
    /// Without it the host does not start, a built-in function too, unless the database enforces the tenant. It is logged at start.
    /// </remarks>
    public static DbFunctionBuilder DangerousTrustMapping(this DbFunctionBuilder builder, string reason)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrWhiteSpace(reason);
        builder.Metadata.SetAnnotation(TenancyMetadata.TrustedAnnotation, reason);
        return builder;
    }

    private static void Declare(EntityTypeBuilder builder, PropertyBuilder property)
    {
        var type = property.Metadata.ClrType;
        if (type != typeof(TenantId) && type != typeof(string))
        {
            throw new ArgumentException($"{builder.Metadata.DisplayName()}.{property.Metadata.Name} names the tenant, so it has to be a {nameof(TenantId)} or a string, not a {type.Name}.", nameof(property));
        }

        // What shapes the schema is the same with and without the guards, so that migrations can be made and applied without them.
        property.IsRequired();
        if (property.Metadata.GetMaxLength() is null)
        {
            property.HasMaxLength(TenantId.MaxLength);
        }

        if (type == typeof(TenantId) && property.Metadata.GetValueConverter() is null)
        {
            property.HasConversion(TenantIdConverter.Instance);
        }

        builder.HasAnnotation(TenancyMetadata.TenantAnnotation, property.Metadata.Name);

        // Closed until the conventions put the tenant in its place.
        builder.HasQueryFilter(FilterName, Expression.Lambda(Expression.Constant(value: false), Expression.Parameter(builder.Metadata.ClrType)));
    }
}

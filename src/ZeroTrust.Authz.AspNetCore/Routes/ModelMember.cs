using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.Serialization;
using System.Text.Json.Serialization;
using System.Xml.Serialization;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Mvc.ModelBinding;

namespace ZeroTrust.Authz.AspNetCore.Routes;

/// <summary>The members of a model that a form, a query or a body fills in.</summary>
internal static class ModelMember
{
    private const BindingFlags Hidden = BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    /// <summary>The member of this name that the caller fills in, or null.</summary>
    /// <remarks>[FromRoute] on a member is no help: a body knows nothing of it, and values with a prefix take the route's value away.</remarks>
    public static string? FindSource(Type model, string parameter, string routeValue, ModelSource source)
    {
        foreach (var type in ModelType.Of(model))
        {
            var found = source == ModelSource.Body ? Properties(type).Concat<MemberInfo>(Fields(type)) : Properties(type);
            if (found.FirstOrDefault(member => IsCalled(member, routeValue) && IsFilledIn(type, member, source)) is { } named)
            {
                return $"its handler takes a model with '{named.Name}' ({parameter}, {type.Name}), which the caller fills in";
            }
        }

        return null;
    }

    private static bool IsCalled(MemberInfo member, string routeValue) =>
        NamesOf(member, member.GetCustomAttributes(inherit: true)).Any(name => Names.AreEqual(Plain(name), Plain(routeValue)));

    // Naming policies write TenantId as tenant_id or tenant-id.
    private static string? Plain(string? name) => name?.Replace("_", string.Empty, StringComparison.Ordinal).Replace("-", string.Empty, StringComparison.Ordinal);

    private static IEnumerable<string?> NamesOf(MemberInfo member, object[] attributes) =>
    [
        member.Name,
        .. attributes.OfType<IModelNameProvider>().Select(attribute => attribute.Name),
        .. attributes.OfType<JsonPropertyNameAttribute>().Select(attribute => attribute.Name),
        .. attributes.OfType<DataMemberAttribute>().Select(attribute => attribute.Name),
        .. attributes.OfType<XmlElementAttribute>().Select(attribute => attribute.ElementName),
        .. attributes.OfType<XmlAttributeAttribute>().Select(attribute => attribute.AttributeName),
    ];

    private static bool IsFilledIn(Type model, MemberInfo member, ModelSource source)
    {
        var attributes = member.GetCustomAttributes(inherit: true);
        if (attributes.Any(attribute => attribute is IFromServiceMetadata || IsLeftOut(attribute, source)))
        {
            return false;
        }

        // Said to be filled in, by whatever access it has.
        if (source == ModelSource.Body && attributes.Any(attribute => attribute is JsonIncludeAttribute or DataMemberAttribute))
        {
            return true;
        }

        // Fields are filled in by some formatters, and by settings of others.
        return member is FieldInfo { IsPublic: true } || (member is PropertyInfo property && IsSettable(model, property));
    }

    private static bool IsLeftOut(object attribute, ModelSource source) => source switch
    {
        ModelSource.Body => attribute is JsonIgnoreAttribute { Condition: JsonIgnoreCondition.Always },
        ModelSource.ModelBinding => attribute is BindNeverAttribute,
        _ => false,
    };

    [UnconditionalSuppressMessage("Trimming", "IL2070", Justification = "A member that was trimmed away cannot be bound either.")]
    private static bool IsSettable(Type model, PropertyInfo property) =>
        property.GetSetMethod() is not null
        || (property.GetGetMethod() is not null && model.GetConstructors(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance)
            .Where(constructor => constructor.IsPublic || constructor.IsDefined(typeof(JsonConstructorAttribute)))
            .Any(constructor => constructor.GetParameters().Any(parameter => Names.AreEqual(parameter.Name, property.Name))));

    // Private members of a base type are not among those of the type.
    [UnconditionalSuppressMessage("Trimming", "IL2070", Justification = "As above.")]
    [UnconditionalSuppressMessage("Trimming", "IL2075", Justification = "As above.")]
    private static IEnumerable<PropertyInfo> Properties(Type model) => model.GetProperties(BindingFlags.Public | BindingFlags.Instance)
        .Concat(Hierarchy(model).SelectMany(type => type.GetProperties(Hidden)));

    [UnconditionalSuppressMessage("Trimming", "IL2070", Justification = "As above.")]
    [UnconditionalSuppressMessage("Trimming", "IL2075", Justification = "As above.")]
    private static IEnumerable<FieldInfo> Fields(Type model) => model.GetFields(BindingFlags.Public | BindingFlags.Instance)
        .Concat(Hierarchy(model).SelectMany(type => type.GetFields(Hidden)));

    private static IEnumerable<Type> Hierarchy(Type model)
    {
        for (var type = model; type is not null; type = type.BaseType)
        {
            yield return type;
        }
    }
}

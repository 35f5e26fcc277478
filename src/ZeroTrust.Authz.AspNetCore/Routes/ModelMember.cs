using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.Serialization;
using System.Text.Json.Serialization;
using System.Xml.Serialization;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Mvc.ModelBinding;

namespace ZeroTrust.Authz.AspNetCore.Routes;

/// <summary>A member of a model, by its access and its attributes.</summary>
internal static class ModelMember
{
    private const BindingFlags Hidden = BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    /// <summary>The members that may be filled in, those of base types included.</summary>
    public static IEnumerable<MemberInfo> Of(Type type, ModelReader reader) =>
        reader.IsBody ? Properties(type).Concat<MemberInfo>(Fields(type)) : Properties(type);

    public static Type TypeOf(MemberInfo member) => member is FieldInfo field ? field.FieldType : ((PropertyInfo)member).PropertyType;

    /// <summary>Those of the parameter of a constructor that gives it its value included.</summary>
    [UnconditionalSuppressMessage("Trimming", "IL2070", Justification = "A member that was trimmed away cannot be bound either.")]
    public static object[] AttributesOf(Type model, MemberInfo member) =>
    [
        .. member.GetCustomAttributes(inherit: true),
        .. model.GetConstructors().SelectMany(constructor => constructor.GetParameters())
            .Where(parameter => Names.AreEqual(parameter.Name, member.Name))
            .SelectMany(parameter => parameter.GetCustomAttributes(inherit: true)),
    ];

    /// <summary>
    /// The route value that a member of a model bound from the route is bound from; null where code or a query has a say.
    /// </summary>
    public static string? FindRouteName(MemberInfo member, object[] attributes) =>
        FrameworkType.Is(Nullable.GetUnderlyingType(TypeOf(member)) ?? TypeOf(member))
        && !IsBound(attributes, ModelReader.ModelBinding)
        && attributes.OfType<IBindingSourceMetadata>().Select(attribute => attribute.BindingSource)
            .All(source => source is null || source == BindingSource.Path)
            ? attributes.OfType<IModelNameProvider>().Select(provider => provider.Name).FirstOrDefault(name => !string.IsNullOrEmpty(name))
                ?? member.Name
            : null;

    public static IReadOnlyList<string> NamesOf(MemberInfo member, object[] attributes) =>
        [member.Name, .. attributes.Select(NameOf).OfType<string>().Where(name => name.Length > 0)];

    /// <summary>Whether it is left out, by the attribute that this reader heeds.</summary>
    public static bool IsLeftOut(object[] attributes, ModelSource source) =>
        attributes.Any(attribute => attribute is IFromServiceMetadata || source switch
        {
            ModelSource.ModelBinding => attribute is BindNeverAttribute,
            ModelSource.Json => attribute is JsonIgnoreAttribute { Condition: JsonIgnoreCondition.Always },
            ModelSource.NewtonsoftJson =>
                attribute is IgnoreDataMemberAttribute || attribute.GetType().FullName == "Newtonsoft.Json.JsonIgnoreAttribute",
            ModelSource.XmlSerializer => attribute is XmlIgnoreAttribute,
            ModelSource.DataContract => attribute is IgnoreDataMemberAttribute,
            _ => false,
        });

    /// <summary>Whether the caller gives it its value.</summary>
    /// <remarks>
    /// [FromRoute] on a member is no help by itself: a body knows nothing of it, and values with a prefix take the route's value away.
    /// </remarks>
    public static bool IsFilledIn(Type model, MemberInfo member, object[] attributes, ModelReader reader)
    {
        // Said to be filled in, by whatever access it has.
        if (reader.IsBody && attributes.Any(attribute => attribute is JsonIncludeAttribute or DataMemberAttribute))
        {
            return true;
        }

        // Fields are filled in by some formatters, and by settings of others; code of the application can fill in whatever can be read.
        return member is FieldInfo { IsPublic: true }
            || (member is PropertyInfo property
                && (IsSettable(model, property) || (reader.Source == ModelSource.Code && IsRead(property))));
    }

    /// <summary>Whether the value that is there already is filled in.</summary>
    public static bool IsEntered(MemberInfo member, ModelReader reader) =>
        member is PropertyInfo property && IsRead(property) && reader.Source is not (ModelSource.Json or ModelSource.Form);

    /// <summary>Whether a binder of the application fills it in. Converters are in the contracts of serializers.</summary>
    public static bool IsBound(object[] attributes, ModelReader reader) => reader.Source == ModelSource.ModelBinding
        && attributes.Any(attribute => attribute is IBinderTypeProviderMetadata { BinderType: not null });

    private static string? NameOf(object attribute) => attribute switch
    {
        IModelNameProvider provider => provider.Name,
        JsonPropertyNameAttribute json => json.Name,
        DataMemberAttribute member => member.Name,
        XmlElementAttribute element => element.ElementName,
        XmlAttributeAttribute attributed => attributed.AttributeName,
        XmlArrayAttribute array => array.ElementName,
        _ => null,
    };

    private static bool IsRead(PropertyInfo property) => property.GetGetMethod() is not null;

    [UnconditionalSuppressMessage("Trimming", "IL2070", Justification = "A member that was trimmed away cannot be bound either.")]
    private static bool IsSettable(Type model, PropertyInfo property) =>
        property.GetSetMethod() is not null
        || (IsRead(property) && model.GetConstructors()
            .Any(constructor => constructor.GetParameters().Any(parameter => Names.AreEqual(parameter.Name, property.Name))));

    // Private members of a base type are not among those of the type.
    [UnconditionalSuppressMessage("Trimming", "IL2070", Justification = "As above.")]
    [UnconditionalSuppressMessage("Trimming", "IL2075", Justification = "As above.")]
    private static IEnumerable<PropertyInfo> Properties(Type model) => model.GetProperties(BindingFlags.Public | BindingFlags.Instance)
        .Concat(Hierarchy(model).SelectMany(type => type.GetProperties(Hidden)))
        .Where(property => property.GetIndexParameters().Length == 0);

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

using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.Serialization;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Mvc.ModelBinding;

namespace ZeroTrust.Authz.AspNetCore.Routes;

/// <summary>The members of a model that a form, a query or a body fills in.</summary>
internal static class ModelMember
{
    /// <summary>The member of this name that the caller fills in, or null.</summary>
    /// <remarks>[FromRoute] on a member is no help: a body knows nothing of it, and values with a prefix take the route's value away.</remarks>
    [UnconditionalSuppressMessage("Trimming", "IL2070", Justification = "A member that was trimmed away cannot be bound either.")]
    public static string? FindSource(Type model, string parameter, string routeValue, Func<object, bool> isLeftOut)
    {
        foreach (var property in model.GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            var attributes = property.GetCustomAttributes(inherit: true);
            if (NamesOf(property, attributes).Any(name => Names.AreEqual(name, routeValue)) && IsFilledIn(model, property)
                && !attributes.Any(attribute => attribute is IFromServiceMetadata || isLeftOut(attribute)))
            {
                return $"its handler takes a model with '{property.Name}' ({parameter}, {model.Name}), which the caller fills in";
            }
        }

        return null;
    }

    public static bool IsLeftOutOfJson(object attribute) => attribute is JsonIgnoreAttribute { Condition: JsonIgnoreCondition.Always };

    public static bool IsLeftOutOfForms(object attribute) => attribute is BindNeverAttribute;

    private static IEnumerable<string?> NamesOf(PropertyInfo property, object[] attributes) =>
    [
        property.Name,
        .. attributes.OfType<IModelNameProvider>().Select(attribute => attribute.Name),
        .. attributes.OfType<JsonPropertyNameAttribute>().Select(attribute => attribute.Name),
        .. attributes.OfType<DataMemberAttribute>().Select(attribute => attribute.Name),
    ];

    [UnconditionalSuppressMessage("Trimming", "IL2070", Justification = "As above.")]
    private static bool IsFilledIn(Type model, PropertyInfo property) =>
        property.GetSetMethod() is not null
        || model.GetConstructors().Any(constructor => constructor.GetParameters().Any(parameter => Names.AreEqual(parameter.Name, property.Name)));
}

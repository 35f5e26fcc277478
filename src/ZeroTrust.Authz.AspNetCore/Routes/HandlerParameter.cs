using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Primitives;

namespace ZeroTrust.Authz.AspNetCore.Routes;

/// <summary>A parameter of a minimal API's handler, or a property of one that stands for several.</summary>
internal static class HandlerParameter
{
    /// <summary>Where something of this name is taken from other than the route; null for what is not.</summary>
    public static IEnumerable<string?> FindSources(MethodInfo handler, EndpointMetadataCollection metadata, string routeValue)
    {
        var body = metadata.GetMetadata<IAcceptsMetadata>()?.RequestType;
        return handler.GetParameters().SelectMany(parameter =>
        {
            var attributes = parameter.GetCustomAttributes(inherit: true);
            return attributes.Any(attribute => attribute is AsParametersAttribute)
                ? FindInParts(parameter.ParameterType, body, routeValue)
                : [FindSource(parameter.Name, parameter.ParameterType, attributes, body, routeValue)];
        });
    }

    [UnconditionalSuppressMessage("Trimming", "IL2070", Justification = "A member that was trimmed away cannot be bound either.")]
    private static IEnumerable<string?> FindInParts(Type type, Type? body, string routeValue) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Select(property => FindSource(
                property.Name,
                property.PropertyType,
                [.. property.GetCustomAttributes(inherit: true), .. OfConstructor(type, property)],
                body,
                routeValue));

    [UnconditionalSuppressMessage("Trimming", "IL2070", Justification = "As above.")]
    private static IEnumerable<object> OfConstructor(Type type, PropertyInfo property) =>
        type.GetConstructors().SelectMany(constructor => constructor.GetParameters())
            .Where(parameter => Names.AreEqual(parameter.Name, property.Name))
            .SelectMany(parameter => parameter.GetCustomAttributes(inherit: true));

    private static string? FindSource(string? parameter, Type type, object[] attributes, Type? body, string routeValue)
    {
        if (attributes.Any(attribute => attribute is IFromServiceMetadata or FromKeyedServicesAttribute))
        {
            return null;
        }

        var route = attributes.OfType<IFromRouteMetadata>().FirstOrDefault();
        var source = route is not null ? "route" : SourceOf(attributes);
        var name = NameOf(attributes) ?? parameter;
        if (Names.AreEqual(name, routeValue) || Names.AreEqual(parameter, routeValue))
        {
            var other = route is not null ? (Names.AreEqual(name, routeValue) ? null : $"route value '{name}'") : source ?? Inferred(type, body);
            return other is null ? null : $"its handler takes '{parameter}' from {other}";
        }

        return source is "body" or "form" || (source is null && type == body)
            ? ModelMember.FindSource(type, parameter ?? string.Empty, routeValue, source == "form" ? ModelSource.Form : ModelSource.Body)
            : null;
    }

    private static string? NameOf(object[] attributes) => attributes.Select(attribute => attribute switch
    {
        IFromRouteMetadata route => route.Name,
        IFromQueryMetadata query => query.Name,
        IFromHeaderMetadata header => header.Name,
        IFromFormMetadata form => form.Name,
        _ => null,
    }).FirstOrDefault(name => !string.IsNullOrEmpty(name));

    private static string? SourceOf(object[] attributes) => attributes.Select(attribute => attribute switch
    {
        IFromQueryMetadata => "query",
        IFromHeaderMetadata => "header",
        IFromFormMetadata => "form",
        IFromBodyMetadata => "body",
        _ => null,
    }).FirstOrDefault(source => source is not null);

    // What the framework infers where nothing is said, for a name that the route has.
    private static string? Inferred(Type type, Type? body)
    {
        var value = Nullable.GetUnderlyingType(type) ?? type;
        if (Has(value, "BindAsync") || Is(value, typeof(IBindableFromHttpContext<>)))
        {
            return "its own BindAsync";
        }

        if (value == typeof(string) || value == typeof(Uri) || value.IsEnum || Has(value, "TryParse") || Is(value, typeof(IParsable<>)))
        {
            return null;
        }

        return value == body ? "body"
            : value == typeof(IFormFile) || value == typeof(IFormFileCollection) || value == typeof(IFormCollection) ? "form"
            : value.IsArray || value == typeof(StringValues) ? "query"
            : null;
    }

    [UnconditionalSuppressMessage("Trimming", "IL2070", Justification = "As above.")]
    private static bool Is(Type type, Type contract) =>
        type.GetInterfaces().Any(implemented => implemented.IsGenericType && implemented.GetGenericTypeDefinition() == contract);

    [UnconditionalSuppressMessage("Trimming", "IL2070", Justification = "As above.")]
    private static bool Has(Type type, string method) =>
        type.GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.FlattenHierarchy).Any(candidate => candidate.Name == method);
}

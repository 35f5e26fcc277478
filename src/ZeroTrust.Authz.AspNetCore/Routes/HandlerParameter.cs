using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Primitives;

namespace ZeroTrust.Authz.AspNetCore.Routes;

/// <summary>The parameters of a minimal API's handler, and the properties of one that stands for several.</summary>
internal sealed class HandlerParameter(EndpointMetadataCollection metadata, TenantRoute route, ModelGraph models)
{
    // What the application says of its own comes last, beside what the framework found.
    private readonly HashSet<Type> _bodies =
        [.. metadata.GetOrderedMetadata<IAcceptsMetadata>().Select(accepted => accepted.RequestType).OfType<Type>()];

    /// <summary>Where something of this name is taken from other than the route; null for what is not.</summary>
    public IEnumerable<string?> FindSources(MethodInfo handler)
    {
        Parameter[] parameters = [.. handler.GetParameters().SelectMany(PartsOf)];
        return parameters.Select(FindSource).Concat(FindChanges(parameters));
    }

    private static IEnumerable<Parameter> PartsOf(ParameterInfo parameter)
    {
        var attributes = parameter.GetCustomAttributes(inherit: true);
        return attributes.Any(attribute => attribute is AsParametersAttribute)
            ? PartsOf(parameter.ParameterType)
            : [new Parameter(parameter.Name ?? string.Empty, parameter.ParameterType, attributes)];
    }

    [UnconditionalSuppressMessage("Trimming", "IL2070", Justification = "A member that was trimmed away cannot be bound either.")]
    private static IEnumerable<Parameter> PartsOf(Type type) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Select(property => new Parameter(
                property.Name, property.PropertyType, [.. property.GetCustomAttributes(inherit: true), .. OfConstructor(type, property)]));

    [UnconditionalSuppressMessage("Trimming", "IL2070", Justification = "As above.")]
    private static IEnumerable<object> OfConstructor(Type type, PropertyInfo property) =>
        type.GetConstructors().SelectMany(constructor => constructor.GetParameters())
            .Where(parameter => Names.AreEqual(parameter.Name, property.Name))
            .SelectMany(parameter => parameter.GetCustomAttributes(inherit: true));

    private string? FindSource(Parameter parameter)
    {
        if (parameter.IsService)
        {
            return null;
        }

        if (IsCalled(parameter))
        {
            var other = parameter.Route is null ? parameter.Source ?? Inferred(parameter)
                : Names.AreEqual(parameter.BoundName, route.Value) ? null
                : $"route value '{parameter.BoundName}'";
            other ??= FindParser(parameter.Type);
            return other is null ? null : $"its handler takes '{parameter.Name}' from {other}";
        }

        return ReadersOf(parameter) is { } readers ? models.FindSource(parameter.Type, parameter.Name, route, readers) : null;
    }

    // Code of a parameter runs before the values of the route are read for the others.
    private IEnumerable<string?> FindChanges(Parameter[] parameters) =>
        parameters.Any(parameter => !parameter.IsService && IsCalled(parameter))
        ? parameters
            .Where(parameter => IsMadeByCode(parameter) && !IsCalled(parameter) && !route.Accepts(parameter.Value, "BindAsync"))
            .Select(parameter => $"its handler takes '{parameter.Name}' by {parameter.Value.Name}.BindAsync, which could change the route "
                + "value before it is bound")
        : [];

    private bool IsCalled(Parameter parameter) =>
        Names.AreEqual(parameter.BoundName, route.Value) || Names.AreEqual(parameter.Name, route.Value);

    private bool IsBody(Parameter parameter) => _bodies.Contains(parameter.Type) || _bodies.Contains(parameter.Value);

    private IReadOnlyList<ModelReader>? ReadersOf(Parameter parameter) => parameter.Source switch
    {
        "body" => models.Readers.OfHandlers,
        "form" => [ModelReader.Form],
        null when IsMadeByCode(parameter) => [ModelReader.Code],
        null when parameter.Route is null && IsBody(parameter) => models.Readers.OfHandlers,
        _ => HasParser(parameter.Value) ? [ModelReader.Code] : null,
    };

    // What the framework infers where nothing is said, for a name that the route has.
    private string? Inferred(Parameter parameter)
    {
        var value = parameter.Value;
        if (IsMadeByCode(parameter))
        {
            return "its own BindAsync";
        }

        if (value == typeof(string) || value == typeof(Uri) || value.IsEnum || Has(value, "TryParse") || Is(value, typeof(IParsable<>)))
        {
            return null;
        }

        return IsBody(parameter) ? "body"
            : value == typeof(IFormFile) || value == typeof(IFormFileCollection) || value == typeof(IFormCollection) ? "form"
            : value.IsArray || value == typeof(StringValues) ? "query"
            : null;
    }

    // The framework's own types say what the route says; what another makes of it was never compared.
    private string? FindParser(Type type)
    {
        var value = Nullable.GetUnderlyingType(type) ?? type;
        return HasParser(value) && value != typeof(TenantId) && !route.Accepts(value, "TryParse")
            ? $"{value.Name}.TryParse, whose result is not compared"
            : null;
    }

    private static bool HasParser(Type value) => !FrameworkType.Is(value) && (Has(value, "TryParse") || Is(value, typeof(IParsable<>)));

    private static bool IsMadeByCode(Parameter parameter) =>
        !parameter.IsService && parameter.Route is null && parameter.Source is null && !FrameworkType.Is(parameter.Value)
        && (Has(parameter.Value, "BindAsync") || Is(parameter.Value, typeof(IBindableFromHttpContext<>)));

    [UnconditionalSuppressMessage("Trimming", "IL2070", Justification = "As above.")]
    private static bool Is(Type type, Type contract) =>
        type.GetInterfaces().Any(implemented => implemented.IsGenericType && implemented.GetGenericTypeDefinition() == contract);

    [UnconditionalSuppressMessage("Trimming", "IL2070", Justification = "As above.")]
    private static bool Has(Type type, string method) =>
        type.GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.FlattenHierarchy)
            .Any(candidate => candidate.Name == method);

    private sealed record Parameter(string Name, Type Type, object[] Attributes)
    {
        public Type Value => Nullable.GetUnderlyingType(Type) ?? Type;

        public bool IsService => Attributes.Any(attribute => attribute is IFromServiceMetadata or FromKeyedServicesAttribute);

        public IFromRouteMetadata? Route => Attributes.OfType<IFromRouteMetadata>().FirstOrDefault();

        public string BoundName => Attributes.Select(attribute => attribute switch
        {
            IFromRouteMetadata route => route.Name,
            IFromQueryMetadata query => query.Name,
            IFromHeaderMetadata header => header.Name,
            IFromFormMetadata form => form.Name,
            _ => null,
        }).FirstOrDefault(name => !string.IsNullOrEmpty(name)) ?? Name;

        public string? Source => Route is not null ? null : Attributes.Select(attribute => attribute switch
        {
            IFromQueryMetadata => "query",
            IFromHeaderMetadata => "header",
            IFromFormMetadata => "form",
            IFromBodyMetadata => "body",
            _ => null,
        }).FirstOrDefault(source => source is not null);
    }
}

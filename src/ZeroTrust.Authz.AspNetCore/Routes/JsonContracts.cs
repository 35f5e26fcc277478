using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace ZeroTrust.Authz.AspNetCore.Routes;

/// <summary>The contracts of System.Text.Json, with naming policies, converters and resolvers of the application.</summary>
internal sealed class JsonContracts : IModelContracts
{
    private readonly JsonSerializerOptions _options;

    public JsonContracts(JsonSerializerOptions options)
    {
        // A copy: asking makes options unchangeable.
        _options = new JsonSerializerOptions(options);
        if (_options.TypeInfoResolver is null)
        {
            _options.TypeInfoResolver = JsonTypeInfoResolver.Combine();
        }
    }

    public ModelContract? Find(Type type)
    {
        try
        {
            var info = _options.GetTypeInfo(type);
            return FrameworkType.Is(type) && FrameworkType.Is(info.Converter.GetType()) ? null : Read(info);
        }
        catch (Exception unreadable) when (
            unreadable is NotSupportedException or InvalidOperationException or ArgumentException or JsonException)
        {
            return null;
        }
    }

    private ModelContract Read(JsonTypeInfo info)
    {
        if (info.Kind == JsonTypeInfoKind.None)
        {
            return ModelContract.Converted;
        }

        var creation = info.PreferredPropertyObjectCreationHandling ?? _options.PreferredObjectCreationHandling;
        var isPopulated = creation == JsonObjectCreationHandling.Populate;
        return new ModelContract(
            IsConverted: false,
            [.. info.Properties.Where(property => !property.IsExtensionData).SelectMany(property => Read(property, isPopulated))],
            [.. info.PolymorphismOptions?.DerivedTypes.Select(derived => derived.DerivedType) ?? []]);
    }

    private static IEnumerable<ContractMember> Read(JsonPropertyInfo property, bool isPopulated)
    {
        var isFilledIn = property.Set is not null || (property.AssociatedParameter is not null && property.Get is not null);
        if (isFilledIn
            || (property.Get is not null && (property.ObjectCreationHandling == JsonObjectCreationHandling.Populate || isPopulated)))
        {
            var member = (property.AttributeProvider as MemberInfo)?.Name ?? property.Name;
            yield return new ContractMember(property.Name, member, property.PropertyType, isFilledIn, property.CustomConverter is not null);
        }
    }
}

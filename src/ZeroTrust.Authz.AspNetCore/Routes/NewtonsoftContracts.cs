using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;

namespace ZeroTrust.Authz.AspNetCore.Routes;

/// <summary>
/// The contracts of Newtonsoft.Json, with the naming strategy, converters and resolver of the application. Asked by name: no dependency.
/// </summary>
internal sealed class NewtonsoftContracts(object settings) : IModelContracts
{
    private const BindingFlags All = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance;

    /// <summary>The contracts that a formatter reads with, or null where it does not say.</summary>
    public static NewtonsoftContracts? Of(object formatter) =>
        Get(formatter, "SerializerSettings") is { } settings ? new NewtonsoftContracts(settings) : null;

    public ModelContract? Find(Type type)
    {
        try
        {
            return Resolve(type) is { } contract ? Read(contract, type) : null;
        }
        catch (TargetInvocationException)
        {
            return null;
        }
    }

    private ModelContract Read(object contract, Type type)
    {
        var converters = Items(settings, "Converters").Where(converter => CanConvert(converter, type));
        if (Get(contract, "Converter") is { } own)
        {
            converters = converters.Append(own);
        }

        if (converters.Any(converter => !FrameworkType.Is(type) || !FrameworkType.Is(converter.GetType())))
        {
            return ModelContract.Converted;
        }

        object[] members = [.. Items(contract, "Properties"), .. Items(contract, "CreatorParameters")];
        var areConverted = Get(contract, "ItemConverter") is not null;
        return areConverted && members.Length == 0
            ? ModelContract.Converted
            : new ModelContract(IsConverted: false, [.. members.SelectMany(member => Read(member, areConverted))], []);
    }

    private static IEnumerable<ContractMember> Read(object property, bool isConverted)
    {
        if (Get(property, "Ignored") is false && Get(property, "PropertyName") is string name && Get(property, "PropertyType") is Type type)
        {
            yield return new ContractMember(
                name,
                Get(property, "UnderlyingName") as string ?? name,
                type,
                Get(property, "Writable") is true,
                isConverted || Get(property, "Converter") is not null || Get(property, "ItemConverter") is not null);
        }
    }

    [UnconditionalSuppressMessage("Trimming", "IL2075", Justification = "Newtonsoft.Json does not work in trimmed programs.")]
    private object? Resolve(Type type)
    {
        var resolver = Get(settings, "ContractResolver");
        var contract = resolver?.GetType().GetInterface("Newtonsoft.Json.Serialization.IContractResolver")?.GetMethod("ResolveContract");
        return contract?.Invoke(resolver, [type]);
    }

    [UnconditionalSuppressMessage("Trimming", "IL2075", Justification = "As above.")]
    private static bool CanConvert(object converter, Type type) =>
        converter.GetType().GetMethod("CanConvert", [typeof(Type)])?.Invoke(converter, [type]) is true;

    [UnconditionalSuppressMessage("Trimming", "IL2075", Justification = "As above.")]
    private static object? Get(object owner, string property) =>
        owner.GetType().GetProperties(All)
            .FirstOrDefault(found => found.Name == property && found.GetIndexParameters().Length == 0)?.GetValue(owner);

    private static IEnumerable<object> Items(object owner, string property) =>
        (Get(owner, property) as IEnumerable)?.OfType<object>() ?? [];
}

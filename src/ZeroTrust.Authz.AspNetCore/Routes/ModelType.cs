using System.Diagnostics.CodeAnalysis;
using System.Runtime.Serialization;
using System.Text.Json.Serialization;
using System.Xml.Serialization;

namespace ZeroTrust.Authz.AspNetCore.Routes;

/// <summary>The types that a model stands for: those it is a collection or a wrapper of, and those a body may name in its place.</summary>
internal static class ModelType
{
    /// <summary>The next types that a type stands for.</summary>
    [UnconditionalSuppressMessage("Trimming", "IL2070", Justification = "What was trimmed away cannot be bound either.")]
    public static IEnumerable<Type> Parts(Type type)
    {
        if (type == typeof(string) || type.IsPrimitive || type.IsEnum)
        {
            return [];
        }

        if (type.HasElementType)
        {
            return [type.GetElementType()!];
        }

        return type.GetInterfaces().Append(type)
            .Where(held => held.IsGenericType && (held == type ? FrameworkType.Is(type) : IsCollection(held)))
            .SelectMany(held => held.GenericTypeArguments)
            .Concat(type.GetCustomAttributes(inherit: false).Select(Derived).OfType<Type>());
    }

    /// <summary>Whether the arguments of a type are nested deeper than this.</summary>
    public static bool IsDeeper(Type type, int levels)
    {
        Type[] inner = type.HasElementType ? [type.GetElementType()!] : type.GenericTypeArguments;
        return inner.Length > 0 && (levels == 0 || inner.Any(argument => IsDeeper(argument, levels - 1)));
    }

    private static Type? Derived(object attribute) => attribute switch
    {
        JsonDerivedTypeAttribute derived => derived.DerivedType,
        XmlIncludeAttribute included => included.Type,
        KnownTypeAttribute known => known.Type,
        _ => null,
    };

    private static bool IsCollection(Type type) =>
        type.GetGenericTypeDefinition() == typeof(IEnumerable<>)
        || type.GetGenericTypeDefinition() == typeof(IAsyncEnumerable<>)
        || type.GetGenericTypeDefinition() == typeof(KeyValuePair<,>);
}

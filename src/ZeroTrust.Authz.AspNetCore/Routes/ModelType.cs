using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace ZeroTrust.Authz.AspNetCore.Routes;

/// <summary>The types that a model stands for: its own, those it is a collection of, and those a body may name in its place.</summary>
internal static class ModelType
{
    public static IEnumerable<Type> Of(Type model)
    {
        var found = new HashSet<Type>();
        var open = new Stack<Type>([model]);
        while (open.TryPop(out var type))
        {
            if (found.Add(type))
            {
                foreach (var part in Parts(type))
                {
                    open.Push(part);
                }
            }
        }

        return found;
    }

    [UnconditionalSuppressMessage("Trimming", "IL2070", Justification = "What was trimmed away cannot be bound either.")]
    private static IEnumerable<Type> Parts(Type type)
    {
        if (type == typeof(string))
        {
            return [];
        }

        return type.GetInterfaces().Append(type)
            .Where(IsCollection)
            .SelectMany(collection => collection.GenericTypeArguments)
            .Concat(type.GetCustomAttributes(typeof(JsonDerivedTypeAttribute), inherit: false).Select(derived => ((JsonDerivedTypeAttribute)derived).DerivedType));
    }

    private static bool IsCollection(Type type) => type.IsGenericType && (
        type.GetGenericTypeDefinition() == typeof(IEnumerable<>)
        || type.GetGenericTypeDefinition() == typeof(IAsyncEnumerable<>)
        || type.GetGenericTypeDefinition() == typeof(KeyValuePair<,>)
        || type.GetGenericTypeDefinition() == typeof(Nullable<>));
}

using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.Serialization;
using System.Xml.Serialization;

namespace ZeroTrust.Authz.AspNetCore.Routes;

/// <summary>
/// Models that code of the application reads: it may put whatever it finds, by whatever name, into any member. Values are none of them:
/// what has one member that it is made with, what never changes, and numbers, dates and the like.
/// </summary>
internal static class ConvertedModel
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    private static readonly HashSet<Type> Measures =
    [
        typeof(bool), typeof(float), typeof(double), typeof(decimal), typeof(Half),
        typeof(DateTime), typeof(DateTimeOffset), typeof(DateOnly), typeof(TimeOnly), typeof(TimeSpan),
    ];

    /// <summary>The code of the application that reads the type, as it is answered for; null where a serializer reads it.</summary>
    public static string? CodeOf(Type type, ModelReader reader, ModelContract? contract) => reader.Source switch
    {
        _ when reader.IsConverter || contract is { IsConverted: true } => "JsonConverter",
        ModelSource.XmlSerializer or ModelSource.DataContract when type.IsAssignableTo(typeof(IXmlSerializable)) =>
            nameof(IXmlSerializable),
        ModelSource.NewtonsoftJson or ModelSource.DataContract when type.IsAssignableTo(typeof(ISerializable)) => nameof(ISerializable),
        _ => null,
    };

    /// <summary>Whether it only holds others, so that what reads it makes those.</summary>
    public static bool IsHolder(Type type) => type.HasElementType || FrameworkType.Is(type);

    public static bool Is(Type type) => !IsHolder(type) && !IsValue(type);

    [UnconditionalSuppressMessage("Trimming", "IL2070", Justification = "A member that was trimmed away is filled in by nobody.")]
    private static bool IsValue(Type type)
    {
        // What derives from it may have any members.
        FieldInfo[] fields = [.. Fields(type)];
        if (type.IsAbstract || type.IsInterface || (fields.Length == 0 && !type.IsSealed))
        {
            return false;
        }

        return fields.All(field => IsMeasure(field.FieldType))
            || (fields.Length == 1
                && (type.IsValueType
                    || type.GetConstructors(Declared).Any(made => made.GetParameters().Length == 1 && !IsCopy(type, made))))
            || (!IsChanged(type) && (type.IsValueType || type.GetConstructors().All(made => made.GetParameters().Length <= 1)));
    }

    private static bool IsMeasure(Type type)
    {
        var value = Nullable.GetUnderlyingType(type) ?? type;
        return value.IsEnum || Measures.Contains(value);
    }

    // Records have one.
    private static bool IsCopy(Type type, ConstructorInfo made) => made.GetParameters()[0].ParameterType == type;

    [UnconditionalSuppressMessage("Trimming", "IL2070", Justification = "As above.")]
    private static bool IsChanged(Type type) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Any(property => property.GetSetMethod() is not null)
        || type.GetFields(BindingFlags.Public | BindingFlags.Instance).Any(field => !field.IsInitOnly);

    [UnconditionalSuppressMessage("Trimming", "IL2070", Justification = "As above.")]
    [UnconditionalSuppressMessage("Trimming", "IL2075", Justification = "As above.")]
    private static IEnumerable<FieldInfo> Fields(Type model)
    {
        for (var type = model; type is not null && !FrameworkType.Is(type); type = type.BaseType)
        {
            foreach (var field in type.GetFields(Declared))
            {
                yield return field;
            }
        }
    }
}

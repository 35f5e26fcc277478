using System.Globalization;

namespace ZeroTrust.ArchitectureTests;

/// <summary>Every reason a package may refuse for, and its published code.</summary>
internal static class Rejections
{
    public static IEnumerable<Type> Reasons() =>
        Packages.PublicTypes().Where(type => type.IsEnum && type.Name.EndsWith("RejectionReason", StringComparison.Ordinal));

    public static IEnumerable<(Type Enum, string Member, string Code)> All() =>
        from type in Reasons()
        from member in Enum.GetNames(type)
        where member != "Unspecified"
        select (type, member, Prefix(type) + "." + Snake(member));

    private static string Prefix(Type type)
    {
        var capability = type.Name[..^"RejectionReason".Length];
        return capability.ToLower(CultureInfo.InvariantCulture);
    }

    private static string Snake(string name) => string.Concat(
        name.Select((letter, index) => char.IsAsciiLetterUpper(letter)
            ? (index > 0 ? "_" : string.Empty) + char.ToLowerInvariant(letter)
            : letter.ToString()));
}

using System.Reflection;

namespace ZeroTrust.Authz.AspNetCore.Routes;

/// <summary>Types of the framework: not the application's models, though they may hold some.</summary>
internal static class FrameworkType
{
    private static readonly string[] Prefixes = ["System.", "Microsoft.AspNetCore.", "Microsoft.Extensions.", "Newtonsoft.Json"];

    public static bool Is(Type type) =>
        type.IsPrimitive || type.IsEnum || type.IsPointer || type.IsByRef || type.IsGenericParameter
        || type.Assembly == typeof(TenantId).Assembly || type.Assembly == typeof(AuthzContext).Assembly || Is(type.Assembly.GetName());

    private static bool Is(AssemblyName assembly) =>
        assembly.GetPublicKeyToken() is { Length: > 0 }
            && Prefixes.Any(prefix => assembly.Name?.StartsWith(prefix, StringComparison.Ordinal) is true);
}

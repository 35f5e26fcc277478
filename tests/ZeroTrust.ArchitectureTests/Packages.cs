using System.Reflection;

namespace ZeroTrust.ArchitectureTests;

/// <summary>The shipped packages and the edges between them that the architecture allows.</summary>
internal static class Packages
{
    /// <summary>Package, layer, and the packages it may reference directly.</summary>
    public static IReadOnlyDictionary<string, (int Layer, string[] References)> All { get; } =
        new Dictionary<string, (int Layer, string[] References)>(StringComparer.Ordinal)
        {
            ["ZeroTrust.Abstractions"] = (0, []),
            ["ZeroTrust.Jose"] = (0, ["ZeroTrust.Abstractions"]),
            ["ZeroTrust.X509"] = (0, ["ZeroTrust.Abstractions"]),
            ["ZeroTrust.Mtls"] = (1, ["ZeroTrust.Abstractions", "ZeroTrust.X509"]),
            ["ZeroTrust.Tool"] = (2, ["ZeroTrust.AspNetCore", "ZeroTrust.Mtls", "ZeroTrust.X509"]),
            ["ZeroTrust.Authz"] = (1, ["ZeroTrust.Mtls", "ZeroTrust.Jose"]),
            ["ZeroTrust.AspNetCore"] = (2, ["ZeroTrust.Mtls"]),
            ["ZeroTrust.Authz.AspNetCore"] = (2, ["ZeroTrust.Authz", "ZeroTrust.AspNetCore"]),
            ["ZeroTrust.Authz.Grpc"] = (2, ["ZeroTrust.Authz.AspNetCore"]),
            ["ZeroTrust.EntityFrameworkCore"] = (2, ["ZeroTrust.Authz"]),
            ["ZeroTrust.Npgsql"] = (2, ["ZeroTrust.Authz"]),
            ["ZeroTrust.EntityFrameworkCore.Npgsql"] = (2, ["ZeroTrust.EntityFrameworkCore", "ZeroTrust.Npgsql"]),
            ["ZeroTrust.Oidc"] = (2, ["ZeroTrust.Authz.AspNetCore"]),
            ["ZeroTrust.HealthChecks"] = (2, ["ZeroTrust.AspNetCore"]),
            ["ZeroTrust.Redaction"] = (1, ["ZeroTrust.Abstractions"]),
            ["ZeroTrust.OpenTelemetry"] = (2, ["ZeroTrust.Abstractions", "ZeroTrust.Redaction"]),
            ["ZeroTrust"] = (3, ["ZeroTrust.Authz.Grpc", "ZeroTrust.Oidc", "ZeroTrust.HealthChecks", "ZeroTrust.OpenTelemetry"]),
        };

    public static Assembly Load(string package) => Assembly.Load(new AssemblyName(package));

    public static IEnumerable<Type> PublicTypes() => All.Keys.SelectMany(package => Load(package).GetExportedTypes());
}

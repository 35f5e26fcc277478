using System.Text.Json;

namespace ZeroTrust.HealthChecks.Exposure;

/// <summary>The names of weakenings that allow an exposure.</summary>
internal static class ExposureNames
{
    public const string Prefix = "health.";

    public static string Of(DiagnosticsExposure exposure) => Prefix + JsonNamingPolicy.SnakeCaseLower.ConvertName(exposure.ToString());

    public static string OfEndpoint(string route) => $"{Prefix}diagnostics_endpoint:{route}";
}

using System.Text.Json.Serialization;

namespace ZeroTrust.Tool.Verify;

/// <summary>Writes reports without reflection.</summary>
[JsonSourceGenerationOptions(
    WriteIndented = true,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(VerifyReport))]
[JsonSerializable(typeof(VerifyFailure))]
internal sealed partial class VerifyReportJson : JsonSerializerContext;

namespace ZeroTrust.OpenTelemetry.Diagnostics;

/// <summary>The values of <c>zerotrust.rule</c>: what kind of rule redacted a value.</summary>
internal static class RuleKinds
{
    /// <summary>A rule for the key replaced the value.</summary>
    public const string Key = "key";

    /// <summary>A detector found something inside the value or text.</summary>
    public const string Detector = "detector";

    /// <summary>A detector found something in the key itself.</summary>
    public const string Name = "name";
}

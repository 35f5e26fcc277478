namespace ZeroTrust.OpenTelemetry.Logging;

/// <summary>The attributes of a scope after redaction. Only <see cref="RedactingScopeProvider"/> makes one, so it says of itself that it is clean.</summary>
internal sealed class RedactedScope(int capacity) : List<KeyValuePair<string, object?>>(capacity);

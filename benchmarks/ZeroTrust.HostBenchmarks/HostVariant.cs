namespace ZeroTrust.HostBenchmarks;

/// <summary>What a host is made of.</summary>
[Flags]
internal enum HostVariant
{
    /// <summary>Kestrel with mutual TLS, routing and one endpoint.</summary>
    Bare = 0,

    /// <summary>Spans of ASP.NET Core, exported in batches over OTLP.</summary>
    Traced = 1,

    /// <summary><c>AddRedaction()</c>.</summary>
    Redacted = 2,

    TracedRedacted = Traced | Redacted,

    /// <summary>Peers, a context and a permission, as <c>AddZeroTrustDefaults()</c> has them but for redaction.</summary>
    Ours = 4,

    OursTraced = Ours | Traced,

    OursTracedRedacted = Ours | Traced | Redacted,

    /// <summary>Log records of level Information with their scopes, exported in batches over OTLP.</summary>
    Logged = 8,

    TracedLogged = Traced | Logged,

    TracedLoggedRedacted = Traced | Logged | Redacted,
}

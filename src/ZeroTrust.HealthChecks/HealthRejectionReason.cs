namespace ZeroTrust.HealthChecks;

/// <summary>Why this package refused a call. Codes are <c>health.</c> and the member in snake_case.</summary>
public enum HealthRejectionReason
{
    /// <summary>No reason was given; a defect of this package.</summary>
    Unspecified = 0,

    /// <summary>The service has not started, or a critical dependency is down or stale. 503 with <c>Retry-After</c> (RFC 9110 section 15.6.4), gRPC UNAVAILABLE.</summary>
    NotReady = 1,

    /// <summary>
    /// As many <c>Watch</c> streams are open as <see cref="HealthOptions.MaxWatchStreams"/> allows, and no peer holds more than its share;
    /// or this one gave way to a peer that held fewer. gRPC RESOURCE_EXHAUSTED.
    /// </summary>
    TooManyWatches = 2,

    /// <summary>A stream still ran when <see cref="HealthOptions.DrainTimeout"/> was over. gRPC UNAVAILABLE: another replica can serve it.</summary>
    Draining = 3,
}

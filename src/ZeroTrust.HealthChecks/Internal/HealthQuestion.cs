namespace ZeroTrust.HealthChecks.Internal;

/// <summary>What a prober may ask, over HTTP by path and over gRPC by service name.</summary>
internal enum HealthQuestion
{
    Live,
    Started,
    Serving,
}

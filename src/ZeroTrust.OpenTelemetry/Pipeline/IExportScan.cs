namespace ZeroTrust.OpenTelemetry.Pipeline;

/// <summary>The last look at what is about to be exported.</summary>
/// <typeparam name="T">What is exported.</typeparam>
internal interface IExportScan<in T>
{
    /// <summary>Whether it is clean; when not, it has been counted as dropped. Does not throw.</summary>
    /// <param name="item">The span or metric.</param>
    bool MayLeave(T item);
}

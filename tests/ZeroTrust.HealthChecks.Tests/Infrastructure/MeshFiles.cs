namespace ZeroTrust.HealthChecks.Tests.Infrastructure;

/// <summary>The anchor, a workload's certificate and its key, in files for a client that is not .NET's.</summary>
internal sealed class MeshFiles(DirectoryInfo folder, params string[] paths) : IDisposable
{
    public IReadOnlyList<string> Paths { get; } = paths;

    public void Dispose() => folder.Delete(recursive: true);
}

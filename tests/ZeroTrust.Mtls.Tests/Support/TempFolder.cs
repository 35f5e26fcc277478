namespace ZeroTrust.Mtls.Tests.Support;

internal sealed class TempFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("zerotrust-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}

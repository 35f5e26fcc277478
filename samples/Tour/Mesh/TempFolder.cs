namespace ZeroTrust.Samples.Tour.Mesh;

/// <summary>The Tour's only place on disk: keys, certificates, databases. Owner-only, removed on dispose.</summary>
internal sealed class TempFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("zerotrust-tour-");

    public string Path => _folder.FullName;

    public string File(string name) => System.IO.Path.Combine(_folder.FullName, name);

    public string Folder(string name) => _folder.CreateSubdirectory(name).FullName;

    public void Dispose()
    {
        try
        {
            _folder.Delete(recursive: true);
        }
        catch (DirectoryNotFoundException)
        {
            // Already gone, which is what was wanted.
        }
    }
}

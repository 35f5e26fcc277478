using System.Text;

namespace ZeroTrust.Tool.DevCerts;

/// <summary>The folder of development certificates. Files are replaced whole, so that a service never reads half of one.</summary>
internal sealed class DevFolder(string path)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Readable = OwnerOnly | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    public string PathOf(string name) => Path.Combine(path, name);

    public bool Has(string name) => File.Exists(PathOf(name));

    /// <summary>Creates the folder where it is not there, closed to version control.</summary>
    public void Create()
    {
        if (Directory.Exists(path))
        {
            return;
        }

        Try(path, () => Directory.CreateDirectory(path));
        Write(".gitignore", "*\n");
    }

    public string Read(string name) => Try(PathOf(name), () => File.ReadAllText(PathOf(name)));

    public void Write(string name, string text) => Write(name, text, Readable);

    public void WriteKey(string name, string text) => Write(name, text, OwnerOnly);

    private static void Try(string file, Action action) => Try(file, () =>
    {
        action();
        return true;
    });

    private static T Try<T>(string file, Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ToolException($"'{file}': {exception.Message}", exception);
        }
    }

    private void Write(string name, string text, UnixFileMode mode)
    {
        var file = PathOf(name);
        var next = PathOf($".{name}.{Path.GetRandomFileName()}");
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = mode;
        }

        Try(file, () =>
        {
            try
            {
                using (var writer = new StreamWriter(next, Encoding.ASCII, options))
                {
                    writer.Write(text);

                    // Without a line's end, what is put behind it by `cat` is no PEM.
                    writer.Write(text.EndsWith('\n') ? string.Empty : "\n");
                }

                File.Move(next, file, overwrite: true);
            }
            finally
            {
                File.Delete(next);
            }
        });
    }
}

using System.Diagnostics;

namespace ZeroTrust.IntegrationTests.TrustFiles;

/// <summary>Files as Kubernetes mounts them: links into a folder behind a link, which can be written over in every way.</summary>
internal sealed class Volume : IDisposable
{
    private const string Data = "..data";
    private const int Page = 4096;
    private const int Steps = 8;
    private const int Pieces = 3;

    private readonly string _folder;
    private readonly MountedDisk? _disk;
    private string _current = string.Empty;
    private int _versions;

    public Volume(string folder)
    {
        _folder = Directory.CreateDirectory(folder).FullName;
        _disk = MountedDisk.Create(folder + "-disk", out var reason);
        WhyNoDisk = reason;
    }

    /// <summary>Why there is no full disk; null where there is one.</summary>
    public string? WhyNoDisk { get; }

    public string PathOf(string file) => Path.Combine(_folder, file);

    /// <summary>Puts the files there for the first time.</summary>
    public void Fill(IReadOnlyDictionary<string, byte[]> files)
    {
        TurnTo(NewFolder(), files);
        foreach (var file in files.Keys)
        {
            File.CreateSymbolicLink(PathOf(file), Path.Combine(Data, file));
        }
    }

    /// <param name="way">How.</param>
    /// <param name="files">What.</param>
    /// <param name="look">Waits until the files were looked at once.</param>
    public async Task WriteAsync(Rewrite way, IReadOnlyDictionary<string, byte[]> files, Func<Task> look)
    {
        switch (way)
        {
            case Rewrite.ByLink:
                TurnTo(NewFolder(), files);
                return;
            case Rewrite.OnFullDisk:
                TurnTo(Path.Combine(_disk!.Folder, "data"), files.Keys.ToDictionary(file => file, file => File.ReadAllBytes(InUse(file)), StringComparer.Ordinal));
                await look();
                break;
            default:
                break;
        }

        foreach (var (file, content) in files)
        {
            await WriteAsync(way, file, content, look);
        }
    }

    /// <summary>Mends what a way has left.</summary>
    public void Mend(Rewrite way, IReadOnlyDictionary<string, byte[]> files)
    {
        if (way == Rewrite.OnFullDisk)
        {
            File.Delete(Path.Combine(_disk!.Folder, "filler"));
        }

        foreach (var (file, content) in files)
        {
            Rename(file, content);
        }
    }

    public void Dispose() => _disk?.Dispose();

    /// <summary>Writes a file that is its owner's alone, as that of a key has to be.</summary>
    public static void Write(string path, byte[] content)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using var stream = new FileStream(path, options);
        stream.Write(content);
    }

    private async Task WriteAsync(Rewrite way, string file, byte[] content, Func<Task> look)
    {
        switch (way)
        {
            case Rewrite.LeavingTail:
                await using (var tail = Open(file, FileMode.Open))
                {
                    Assert.True(tail.Length > content.Length, "There is no tail.");
                    tail.Write(content);
                }

                return;
            case Rewrite.Slowly:
                await WriteSlowlyAsync(file, content, look);
                return;
            case Rewrite.InPieces:
                await WriteInPiecesAsync(file, content, look);
                return;
            case Rewrite.ByRename:
                Rename(file, content);
                return;
            case Rewrite.ByTruncating:
                await using (Open(file, FileMode.Create))
                {
                    await look();
                    await look();
                }

                await File.WriteAllBytesAsync(InUse(file), content, CancellationToken.None);
                return;
            default:
                WriteOnFullDisk(file, content);
                return;
        }
    }

    private async Task WriteSlowlyAsync(string file, byte[] content, Func<Task> look)
    {
        await using var stream = Open(file, FileMode.Create);
        for (var i = 0; i < content.Length; i++)
        {
            stream.WriteByte(content[i]);
            if (i % (content.Length / Steps) == 0)
            {
                await look();
            }
        }
    }

    private async Task WriteInPiecesAsync(string file, byte[] content, Func<Task> look)
    {
        await using var stream = Open(file, FileMode.Create);
        foreach (var piece in content.Chunk((content.Length / Pieces) + 1))
        {
            await stream.WriteAsync(piece, CancellationToken.None);
            RandomAccess.FlushToDisk(stream.SafeFileHandle);
            await look();
            await look();
        }
    }

    // The disk is full but for whole pages that hold less than the file.
    private void WriteOnFullDisk(string file, byte[] content)
    {
        using var stream = Open(file, FileMode.Create);
        using (var filler = new FileStream(Path.Combine(_disk!.Folder, "filler"), FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0))
        {
            filler.Seek(0, SeekOrigin.End);
            var block = new byte[Page];
            while (TryWrite(filler, block))
            {
            }

            filler.SetLength((filler.Length / Page * Page) - ((content.Length - 1) / Page * Page));
        }

        foreach (var piece in content.Chunk(Page))
        {
            if (!TryWrite(stream, piece))
            {
                return;
            }
        }

        Assert.Fail("The disk is not full.");
    }

    private static bool TryWrite(FileStream stream, byte[] content)
    {
        try
        {
            stream.Write(content);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private void Rename(string file, byte[] content)
    {
        var other = InUse(file) + ".new";
        Write(other, content);
        File.Move(other, InUse(file), overwrite: true);
    }

    private string InUse(string file) => Path.Combine(_current, file);

    private FileStream Open(string file, FileMode mode) => new(InUse(file), mode, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);

    private string NewFolder() => PathOf($"..v{++_versions}");

    private void TurnTo(string folder, IReadOnlyDictionary<string, byte[]> files)
    {
        Directory.CreateDirectory(folder);
        foreach (var (file, content) in files)
        {
            Write(Path.Combine(folder, file), content);
        }

        // As the kubelet does: one rename, and no moment without the link.
        var link = PathOf("..tmp");
        File.CreateSymbolicLink(link, folder);
        using var move = Process.Start("mv", ["-T", link, PathOf(Data)]);
        move.WaitForExit();
        Assert.Equal(0, move.ExitCode);
        _current = folder;
    }
}

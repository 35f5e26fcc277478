using System.Buffers;
using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using Microsoft.Win32.SafeHandles;

namespace ZeroTrust.Shared;

/// <summary>One configured file: where it is, and where the configuration says so.</summary>
/// <param name="Options">The type of the options that name it.</param>
/// <param name="ConfigurationPath">The setting.</param>
/// <param name="Path">The file.</param>
internal sealed record WatchedFile(Type Options, string ConfigurationPath, string? Path)
{
    private const int UsualMaxBytes = 1024 * 1024;
    private const int BlockSize = 64 * 1024;

    public int MaxBytes { get; init; } = UsualMaxBytes;

    /// <summary>The users beside root and the service's own that may own the file and its folder.</summary>
    public IReadOnlyCollection<uint> Owners { get; init; } = [];

    /// <summary>Whether who owns the file is not asked.</summary>
    public bool MayBeAnybodys { get; init; }

    /// <summary>What is wrong with the open file, as its mode; null when nothing is.</summary>
    public Func<SafeFileHandle, string?, string?>? FaultOf { get; init; }

    /// <summary>What the file looks like from outside; null when it cannot be opened.</summary>
    public FileStamp? Look()
    {
        try
        {
            using var file = Open();
            return FileStamp.Of(file);
        }
        catch (OptionsValidationException)
        {
            return null;
        }
    }

    public FileContent Read() => Use(file =>
    {
        var bytes = new byte[RandomAccess.GetLength(file)];
        for (var read = 0; read < bytes.Length;)
        {
            var count = RandomAccess.Read(file, bytes.AsSpan(read), read);
            read += count > 0 ? count : throw new EndOfStreamException("It became shorter while it was read.");
        }

        return new FileContent(bytes);
    });

    public string Hash() => Use(file =>
    {
        var block = ArrayPool<byte>.Shared.Rent(BlockSize);
        try
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            var length = 0L;
            for (int count; length <= MaxBytes && (count = RandomAccess.Read(file, block, length)) > 0; length += count)
            {
                hash.AppendData(block, 0, count);
            }

            return Convert.ToHexString(hash.GetHashAndReset());
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(block);
        }
    });

    public OptionsValidationException Invalid(string what) => new(Options.Name, Options, [$"{ConfigurationPath}: {what}"]);

    private T Use<T>(Func<SafeFileHandle, T> use)
    {
        using var file = Open();
        if (RandomAccess.GetLength(file) > MaxBytes)
        {
            throw Invalid($"'{Path}' is larger than {MaxBytes} bytes");
        }

        if ((FaultOf?.Invoke(file, Path) ?? (MayBeAnybodys ? null : FileOwnership.FaultOf(file, Path!, Owners))) is { } fault)
        {
            throw Invalid(fault);
        }

        try
        {
            return use(file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(exception);
        }
    }

    private SafeFileHandle Open()
    {
        if (string.IsNullOrEmpty(Path))
        {
            throw Invalid("missing");
        }

        try
        {
            return RegularFile.Open(Path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(exception);
        }
    }

    private OptionsValidationException Unreadable(Exception exception) => Invalid($"'{Path}' cannot be read: {exception.Message}");
}

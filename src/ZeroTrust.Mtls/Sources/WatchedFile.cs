using System.Security.Cryptography;
using Microsoft.Extensions.Options;

namespace ZeroTrust.Mtls.Sources;

/// <summary>One configured file: where it is, and where the configuration says so.</summary>
internal sealed record WatchedFile(string ConfigurationPath, string? Path)
{
    private const int UsualMaxBytes = 1024 * 1024;

    public int MaxBytes { get; init; } = UsualMaxBytes;

    /// <summary>Whether it holds a private key, whose mode is looked at.</summary>
    public bool IsSecret { get; init; }

    /// <summary>What the file looks like from outside; null when it cannot be opened.</summary>
    public FileStamp? Look()
    {
        try
        {
            using var file = Open();
            return FileStamp.Of(file.SafeFileHandle);
        }
        catch (OptionsValidationException)
        {
            return null;
        }
    }

    public FileContent Read() => Use(file =>
    {
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return new FileContent(bytes);
    });

    public string Hash() => Use(file => Convert.ToHexString(SHA256.HashData(file)));

    public OptionsValidationException Invalid(string what) =>
        new(nameof(MtlsOptions), typeof(MtlsOptions), [$"{ConfigurationPath}: {what}"]);

    private T Use<T>(Func<FileStream, T> use)
    {
        using var file = Open();
        if (file.Length > MaxBytes)
        {
            throw Invalid($"'{Path}' is larger than {MaxBytes} bytes");
        }

        if (IsSecret && KeyFileMode.FaultOf(file.SafeFileHandle, Path) is { } fault)
        {
            throw Invalid(fault);
        }

        try
        {
            return use(file);
        }
        catch (IOException exception)
        {
            throw Unreadable(exception);
        }
    }

    private FileStream Open()
    {
        if (string.IsNullOrEmpty(Path))
        {
            throw Invalid("missing");
        }

        try
        {
            // Shared with writers: a lock of ours would fail the one who rotates the file.
            return new FileStream(Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(exception);
        }
    }

    private OptionsValidationException Unreadable(Exception exception) => Invalid($"'{Path}' cannot be read: {exception.Message}");
}

using Microsoft.Extensions.Options;

namespace ZeroTrust.Mtls.Sources;

/// <summary>One configured file: where it is, and where the configuration says so.</summary>
internal sealed record WatchedFile(string ConfigurationPath, string? Path)
{
    private const int MaxBytes = 1024 * 1024;

    public byte[] Read()
    {
        if (string.IsNullOrEmpty(Path))
        {
            throw Invalid("missing");
        }

        try
        {
            using var file = File.OpenRead(Path);
            if (file.Length > MaxBytes)
            {
                throw Invalid($"'{Path}' is larger than {MaxBytes} bytes");
            }

            var content = new byte[file.Length];
            file.ReadExactly(content);
            return content;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Invalid($"'{Path}' cannot be read: {exception.Message}");
        }
    }

    public OptionsValidationException Invalid(string what) =>
        new(nameof(MtlsOptions), typeof(MtlsOptions), [$"{ConfigurationPath}: {what}"]);
}

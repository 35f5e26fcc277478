using System.Security.Cryptography.X509Certificates;
using ZeroTrust.Mtls.Sources;
using ZeroTrust.Shared;
using ZeroTrust.X509;

namespace ZeroTrust.Tool.Internal;

/// <summary>Files as the service reads them, by its own readers.</summary>
internal static class InputFile
{
    private const string StandardInput = "-";

    // As much as the service takes.
    private const int MaxBytes = 1024 * 1024;

    /// <summary>What a peer presents, in the order of the file: not looked into, as what is wrong with it is the verdict's. Keys beside are passed over.</summary>
    public static async Task<IReadOnlyList<byte[]>> ReadPresentedAsync(string path, ToolConsole console, CancellationToken cancellationToken)
    {
        var content = await ReadBytesAsync(path, MaxBytes, console, cancellationToken).ConfigureAwait(false);
        return Of(path, () => TrustFile.IsBinary(content) ? [content] : Presented(TrustFile.ReadBlocks(content)));
    }

    public static async Task<X509Certificate2Collection> ReadAnchorsAsync(string path, ToolConsole console, CancellationToken cancellationToken)
    {
        var content = await ReadBytesAsync(path, MaxBytes, console, cancellationToken).ConfigureAwait(false);
        return Of(path, () => AnchorFile.Read(content, password: null));
    }

    public static async Task<IReadOnlyList<CertificateRevocationList>> ReadCrlsAsync(string path, ToolConsole console, CancellationToken cancellationToken)
    {
        var content = await ReadBytesAsync(path, CrlFile.MaxBytes, console, cancellationToken).ConfigureAwait(false);
        return Of(path, () => CrlFile.Read(content));
    }

    private static byte[][] Presented(IReadOnlyList<PemBlock> blocks)
    {
        byte[][] certificates = [.. blocks.Where(block => block.IsCertificate).Select(block => block.Der)];
        return certificates.Length > 0 ? certificates : throw new TrustFileFault($"it holds no certificate, but {string.Join(", ", blocks)}");
    }

    private static T Of<T>(string path, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (FormatException fault)
        {
            throw new ToolException($"'{path}': {fault.Message}", fault);
        }
    }

    private static async Task<byte[]> ReadBytesAsync(string path, int maxBytes, ToolConsole console, CancellationToken cancellationToken)
    {
        try
        {
            var file = path == StandardInput ? console.OpenInput() : File.OpenRead(path);
            await using var closing = file.ConfigureAwait(false);
            var content = new MemoryStream();
            await using var disposing = content.ConfigureAwait(false);
            var block = new byte[81920];
            for (int read; (read = await file.ReadAsync(block, cancellationToken).ConfigureAwait(false)) > 0;)
            {
                await content.WriteAsync(block.AsMemory(0, read), cancellationToken).ConfigureAwait(false);
                if (content.Length > maxBytes)
                {
                    throw new ToolException($"'{path}' is larger than {maxBytes} bytes");
                }
            }

            return content.ToArray();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new ToolException($"'{path}' cannot be read: {exception.Message}", exception);
        }
    }
}

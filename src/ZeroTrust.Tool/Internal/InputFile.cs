using System.Security.Cryptography.X509Certificates;
using ZeroTrust.Mtls.Sources;
using ZeroTrust.Shared;
using ZeroTrust.X509;

namespace ZeroTrust.Tool.Internal;

/// <summary>Files as the service reads them, by its own readers.</summary>
internal static class InputFile
{
    private const string StandardInput = "-";
    private const string ConvertPkcs7 = "; convert it: openssl pkcs7 -in FILE -print_certs -out FILE.pem";

    // As much as the service takes.
    private const int MaxBytes = 1024 * 1024;

    /// <summary>
    /// What a peer presents, in the order of the file: not looked into, as what is wrong with it is the verdict's. Keys beside are passed
    /// over.
    /// </summary>
    public static async Task<IReadOnlyList<byte[]>> ReadPresentedAsync(string path, ToolConsole console, CancellationToken cancellationToken)
    {
        var content = await ReadBytesAsync(path, MaxBytes, console, cancellationToken).ConfigureAwait(false);
        return Of(path, () => TrustFile.IsBinary(content) ? [Presented(content)] : Presented(TrustFile.ReadBlocks(content)));
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

    private static byte[] Presented(byte[] der) =>
        WrongBinary.Describe(der) is { } wrong ? throw new TrustFileFault($"it is {wrong}") : der;

    private static byte[][] Presented(IReadOnlyList<PemBlock> blocks)
    {
        byte[][] certificates = [.. blocks.Where(block => block.IsCertificate).Select(block => block.Der)];
        return certificates.Length > 0 ? certificates : throw new TrustFileFault(
            $"it holds no certificate, but {string.Join(", ", blocks)}{(blocks.Any(block => block.Label == "PKCS7") ? ConvertPkcs7 : string.Empty)}");
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
            // A person may paste what standard input reads, and is not hurried.
            var content = path == StandardInput
                ? await Task.Run(() => ReadBytes(console.OpenInput(), path, maxBytes), CancellationToken.None).WaitAsync(cancellationToken).ConfigureAwait(false)
                : HasContent(path) ? ReadBytes(File.OpenRead(path), path, maxBytes)
                : await Waiting.BoundAsync(() => ReadBytes(File.OpenRead(path), path, maxBytes), console.Time, cancellationToken).ConfigureAwait(false);
            return content.Length > 0 || !IsPiped(path) ? content : throw new ToolException($"'{path}': it is empty: the command before the pipe sent nothing");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new ToolException($"'{path}' cannot be read: {exception.Message}", exception);
        }
    }

    // A pipe and a device have no length: what has one is there, and is not waited for.
    private static bool HasContent(string path) => new FileInfo(path) is { Exists: true, Length: > 0 };

    private static bool IsPiped(string path) => path is StandardInput or "/dev/stdin" || path.StartsWith("/dev/fd/", StringComparison.Ordinal);

    private static byte[] ReadBytes(Stream file, string path, int maxBytes)
    {
        using (file)
        {
            using var content = new MemoryStream();
            var block = new byte[81920];
            for (int read; (read = file.Read(block)) > 0;)
            {
                content.Write(block, 0, read);
                if (content.Length > maxBytes)
                {
                    throw new ToolException($"'{path}' is larger than {maxBytes} bytes");
                }
            }

            return content.ToArray();
        }
    }
}

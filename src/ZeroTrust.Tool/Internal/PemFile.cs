using System.Security.Cryptography;
using System.Text;

namespace ZeroTrust.Tool.Internal;

/// <summary>Files of certificates or CRLs, in PEM or DER. Private keys beside them are passed over.</summary>
internal static class PemFile
{
    public const string CertificateLabel = "CERTIFICATE";
    public const string CrlLabel = "X509 CRL";
    public const string StandardInput = "-";

    private const int MaxBytes = 1024 * 1024;
    private const byte DerSequence = 0x30;

    /// <summary>Reads every block of one label, in the order of the file; a DER file is one block.</summary>
    public static async Task<IReadOnlyList<byte[]>> ReadAsync(string path, string label, ToolConsole console, CancellationToken cancellationToken)
    {
        var content = await ReadBytesAsync(path, console, cancellationToken).ConfigureAwait(false);
        var blocks = content is [DerSequence, ..] ? [content] : Decode(path, Encoding.UTF8.GetString(content), label);
        return blocks.Count > 0 ? blocks : throw new ToolException($"'{path}' holds no {label}, neither as PEM nor as DER");
    }

    private static async Task<byte[]> ReadBytesAsync(string path, ToolConsole console, CancellationToken cancellationToken)
    {
        try
        {
            var file = path == StandardInput ? console.OpenInput() : File.OpenRead(path);
            await using var closing = file.ConfigureAwait(false);
            var buffer = new byte[MaxBytes + 1];
            var length = await file.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
            return length <= MaxBytes ? buffer[..length] : throw new ToolException($"'{path}' is larger than {MaxBytes} bytes");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ToolException($"'{path}' cannot be read: {exception.Message}", exception);
        }
    }

    private static List<byte[]> Decode(string path, string text, string label)
    {
        var blocks = new List<byte[]>();
        for (var rest = text.AsSpan(); PemEncoding.TryFind(rest, out var fields); rest = rest[fields.Location.End..])
        {
            if (!rest[fields.Label].SequenceEqual(label))
            {
                continue;
            }

            var block = new byte[fields.DecodedDataLength];
            if (!Convert.TryFromBase64Chars(rest[fields.Base64Data], block, out var written) || written != block.Length)
            {
                throw new ToolException($"'{path}': a {label} block is not base64");
            }

            blocks.Add(block);
        }

        return blocks;
    }
}

using System.Buffers.Binary;
using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace ZeroTrust.Shared;

/// <summary>
/// The one reader of files that hold certificates, keys and lists: as DER, PKCS#12 or text, whatever encoding an editor gave it.
/// </summary>
internal static class TrustFile
{
    private const byte Sequence = 0x30;
    private const int HeaderSize = 2;
    private const string NotWritten = "it was not written to the end";
    private const uint JavaKeystore = 0xFEEDFEED;
    private const uint JavaCryptographyKeystore = 0xCECECECE;

    /// <summary>Whether the content is one binary object (DER) rather than text.</summary>
    /// <remarks>A text may begin with the digit that is DER's first byte; its second letter then is no length of what follows.</remarks>
    public static bool IsBinary(ReadOnlySpan<byte> content) =>
        content is [Sequence, >= 0x80 or < 0x20, ..] || (content is [Sequence, var length, ..] && content.Length == length + HeaderSize);

    public static bool IsPkcs12(byte[] content) => IsBinary(content) && TypeOf(content) == X509ContentType.Pkcs12;

    /// <summary>Refuses a binary object with bytes missing or too many; the platform reads what comes first and leaves the rest.</summary>
    /// <remarks>By BER, as some tools write PKCS#12.</remarks>
    /// <exception cref="TrustFileFault">It does so.</exception>
    public static void CheckEnd(ReadOnlySpan<byte> content)
    {
        if (!IsBinary(content))
        {
            return;
        }

        if (!AsnDecoder.TryReadEncodedValue(content, AsnEncodingRules.BER, out _, out _, out _, out var length))
        {
            throw new TrustFileFault("it is a binary object that has no end: the file was cut off, or is being written");
        }

        if (length < content.Length)
        {
            throw new TrustFileFault(content[length..].IndexOfAnyExcept((byte)0) < 0
                ? $"it has {content.Length - length} zero bytes behind its end: {NotWritten}"
                : $"it has {content.Length - length} bytes behind its end: it was written over a longer file, or two files were joined");
        }
    }

    /// <summary>What the platform takes it for.</summary>
    public static X509ContentType TypeOf(ReadOnlySpan<byte> content)
    {
        try
        {
            return X509Certificate2.GetCertContentType(content);
        }
        catch (CryptographicException)
        {
            return X509ContentType.Unknown;
        }
    }

    /// <summary>The text, without a byte order mark.</summary>
    /// <exception cref="TrustFileFault">
    /// It is no text, empty, or holds zero bytes, as a crash and a file of a size set in advance leave them.
    /// </exception>
    public static string ReadText(ReadOnlySpan<byte> content)
    {
        var text = ReadText(content, out var fault);
        return fault is null ? text : throw new TrustFileFault(fault);
    }

    /// <summary>The text of a list whose every line holds by itself.</summary>
    /// <param name="content">The file.</param>
    /// <param name="fault">
    /// What the zero bytes say that are in the text; null when there are none. Those at its end are taken off, and all others are left.
    /// </param>
    /// <exception cref="TrustFileFault">It is no text, or empty.</exception>
    public static string ReadText(ReadOnlySpan<byte> content, out string? fault)
    {
        if (content.Trim(" \t\r\n"u8).IsEmpty)
        {
            throw new TrustFileFault(content.IsEmpty ? "it is empty" : "it holds nothing but white space");
        }

        if (content.IndexOfAnyExcept((byte)0) < 0)
        {
            throw new TrustFileFault("it holds nothing but zero bytes: " + NotWritten);
        }

        var text = content switch
        {
            [0xFF, 0xFE, 0, 0, ..] or [0, 0, 0xFE, 0xFF, ..] => throw new TrustFileFault("it is UTF-32; save it as UTF-8: iconv -f UTF-32 -t UTF-8"),
            [0xFF, 0xFE, ..] => Encoding.Unicode.GetString(content[2..]),
            [0xFE, 0xFF, ..] => Encoding.BigEndianUnicode.GetString(content[2..]),
            [0xEF, 0xBB, 0xBF, ..] => Encoding.UTF8.GetString(content[3..]),
            [not 0, 0, not 0, 0, ..] => Encoding.Unicode.GetString(content),
            [0, not 0, 0, not 0, ..] => Encoding.BigEndianUnicode.GetString(content),
            _ => Encoding.UTF8.GetString(content),
        };
        var written = text.TrimEnd('\0');
        var zero = written.IndexOf('\0', StringComparison.Ordinal);
        fault = zero >= 0 ? $"line {1 + written.AsSpan(0, zero).Count('\n')} holds zero bytes: {NotWritten}"
            : written.Length < text.Length ? $"it has zero bytes at its end: {NotWritten}"
            : null;
        return zero >= 0 && written.Contains('\uFFFD', StringComparison.Ordinal) ? throw new TrustFileFault($"it is {Describe(content, text)}") : written;
    }

    /// <summary>Every block of a text that has at least one.</summary>
    /// <exception cref="TrustFileFault">It has none, or one is damaged.</exception>
    public static IReadOnlyList<PemBlock> ReadBlocks(ReadOnlySpan<byte> content)
    {
        if (IsBinary(content) || Signature(content) is JavaKeystore or JavaCryptographyKeystore || content is [0x1F, 0x8B, ..])
        {
            throw new TrustFileFault($"it is {Describe(content, string.Empty)}");
        }

        var text = ReadText(content);
        var blocks = PemText.Read(text);
        return blocks.Count > 0 ? blocks : throw new TrustFileFault($"it holds no PEM block; it is {Describe(content, text)}");
    }

    /// <summary>What a file is that is not what was wanted, and the command that converts it where there is one.</summary>
    public static string Describe(ReadOnlySpan<byte> content, string text) => content switch
    {
        _ when Signature(content) is JavaKeystore or JavaCryptographyKeystore =>
            "a Java keystore; convert it: keytool -importkeystore -srckeystore FILE -destkeystore FILE.p12 -deststoretype PKCS12",
        [0x1F, 0x8B, ..] => "compressed; unpack it: gunzip FILE",
        [(byte)'P', (byte)'K', 3, 4, ..] => "a ZIP archive; unpack it",
        [Sequence, ..] => DescribeDer(content),
        _ => DescribeText(text.TrimStart()),
    };

    private static uint Signature(ReadOnlySpan<byte> content) => content.Length < sizeof(uint) ? 0 : BinaryPrimitives.ReadUInt32BigEndian(content);

    private static string DescribeDer(ReadOnlySpan<byte> content) => TypeOf(content) switch
    {
        X509ContentType.Pkcs12 => "PKCS#12 (PFX)",
        X509ContentType.Pkcs7 => "PKCS#7; convert it: openssl pkcs7 -inform DER -in FILE -print_certs -out FILE.pem",
        X509ContentType.Cert => "a certificate as DER",
        _ => "a binary object (DER) that is no certificate",
    };

    private static bool IsNoText(char letter) => letter == '\uFFFD' || (char.IsControl(letter) && !char.IsWhiteSpace(letter));

    private static string DescribeText(string text) => text switch
    {
        ['{' or '[', ..] => "JSON, as a JWK Set is",
        ['<', ..] => "a page of HTML or XML, as a failed download leaves it",
        _ when Base64Text.Describe(text) is { } base64 => base64,
        _ when text.StartsWith("ssh-", StringComparison.Ordinal) || text.StartsWith("ecdsa-", StringComparison.Ordinal) => "a public key of SSH",
        _ when text.StartsWith("PuTTY-User-Key-File", StringComparison.Ordinal) => "a key of PuTTY; convert it: puttygen FILE -O private-openssh-new",
        _ when text.StartsWith("apiVersion:", StringComparison.Ordinal) || text.StartsWith("kind:", StringComparison.Ordinal) =>
            "a manifest of Kubernetes, not the value that is in it: kubectl get secret NAME -o jsonpath='{.data.tls\\.crt}' | base64 -d",
        _ when text.StartsWith("version https://git-lfs", StringComparison.Ordinal) => "a pointer of Git LFS; fetch the file: git lfs pull",
        _ when text.Any(IsNoText) => "neither PEM nor DER, and no text",
        _ => "text that says nothing of the kind",
    };
}

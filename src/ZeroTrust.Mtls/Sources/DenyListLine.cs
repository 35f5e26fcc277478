using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using ZeroTrust.Shared;
using ZeroTrust.X509;

namespace ZeroTrust.Mtls.Sources;

/// <summary>Reads the lines of one deny-list. The file of an issuer is read once, however many lines name it.</summary>
/// <param name="owners">Users beside root and the service's own that may own the files of issuers.</param>
internal sealed class DenyListLine(IReadOnlyCollection<uint> owners)
{
    private const string Forms = "'workload ID', 'leaf SHA-256', 'serial HEX ISSUER-CERTIFICATE-FILE', 'end' nor a comment (#)";
    private const int HashLetters = 64;

    /// <summary>RFC 5280 section 4.1.2.2.</summary>
    private const int MaxSerialOctets = 20;

    /// <summary>
    /// As many decimal digits has a number of 64 bits; in a hexadecimal one so many without a letter come by chance once in 7,500.
    /// </summary>
    private const int DecimalLetters = 19;

    private readonly Dictionary<string, (Certificate? Certificate, TrustFileFault? Fault)> _issuers = new(StringComparer.Ordinal);

    /// <exception cref="FormatException">It is none; the message continues "line n".</exception>
    public DenyListEntry Read(string[] words) => (words[0].TrimEnd(':').ToLowerInvariant(), words[1..]) switch
    {
        ("workload", [var id]) => Workload(id),
        ("leaf", { Length: > 0 } hash) => Leaf(string.Concat(hash)),
        ("serial", [var serial, .. { Length: > 0 } issuer]) => Serial(serial, string.Join(' ', issuer)),

        // "serial=1A2B", as openssl prints it.
        ({ } word, { Length: > 0 } issuer) when word.StartsWith("serial=", StringComparison.Ordinal) => Serial(word, string.Join(' ', issuer)),
        (_, []) when words[0].StartsWith("spiffe://", StringComparison.Ordinal) => Workload(words[0]),
        (_, []) => Leaf(words[0]),

        // "SHA256 Fingerprint=AA:BB...", as openssl prints it.
        ("sha256", [var hash]) => Leaf(hash),
        _ => null,
    } ?? throw new TrustFileFault($"cannot be read: it is neither {Forms}");

    private static DenyListEntry? Workload(string id) => WorkloadId.TryParse(id, out var workload) ? new DenyListEntry(workload) : null;

    private static DenyListEntry? Leaf(string text)
    {
        var hash = text[(text.LastIndexOf('=') + 1)..];
        hash = Hex(hash.StartsWith("sha256:", StringComparison.OrdinalIgnoreCase) ? hash["sha256:".Length..] : hash);
        return hash.Length == HashLetters && hash.All(char.IsAsciiHexDigit) ? new DenyListEntry(Leaf: hash.ToUpperInvariant()) : null;
    }

    private DenyListEntry? Serial(string text, string issuer)
    {
        var written = text[(text.LastIndexOf('=') + 1)..];
        var serial = Hex(written);
        if (serial.Length == 0 || !serial.All(char.IsAsciiHexDigit))
        {
            return null;
        }

        var octets = (serial.TrimStart('0').Length + 1) / 2;
        if (octets > MaxSerialOctets)
        {
            throw new TrustFileFault(
                $"cannot be read: its serial number has {octets} octets, and none has more than {MaxSerialOctets}; it is read as hexadecimal: was it decimal?");
        }

        if (!text.Contains('=', StringComparison.Ordinal) && serial.Length == text.Length && serial.Length >= DecimalLetters && serial.All(char.IsAsciiDigit))
        {
            throw new TrustFileFault("cannot be read: its serial number may be decimal; write it as hexadecimal, with 0x before it");
        }

        return new DenyListEntry(Issuer: IssuerAt(issuer), Serial: Convert.FromHexString(serial.Length % 2 == 0 ? serial : $"0{serial}"));
    }

    // "0x1A2B", "1A:2B", "1A-2B".
    private static string Hex(string text)
    {
        var digits = text.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? text[2..] : text;
        return digits.Replace(":", string.Empty, StringComparison.Ordinal).Replace("-", string.Empty, StringComparison.Ordinal);
    }

    private Certificate IssuerAt(string path)
    {
        if (!_issuers.TryGetValue(path, out var issuer))
        {
            issuer = ReadIssuer(path);
            _issuers.Add(path, issuer);
        }

        return issuer.Certificate ?? throw issuer.Fault!;
    }

    private (Certificate? Certificate, TrustFileFault? Fault) ReadIssuer(string path)
    {
        try
        {
            var certificates = CertificateFile.Read((MtlsFile.At("serial", path) with { Owners = owners }).Read().Bytes, mayHoldKey: false);
            return certificates.Count == 1
                ? (Certificate.From(certificates[0]).GetOrThrow(), null)
                : (null, new TrustFileFault($"names '{path}', which does not hold one certificate"));
        }
        catch (Exception exception) when (exception is TrustFileFault or CryptographicException or OptionsValidationException or RejectionException)
        {
            return (null, new TrustFileFault($"names '{path}', which is not the certificate of an issuer: {exception.Message}", exception));
        }
    }
}

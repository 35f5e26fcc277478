using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using ZeroTrust.Shared;
using ZeroTrust.X509;

namespace ZeroTrust.Mtls.Sources;

/// <summary>
/// Who is denied, one to a line: <c>workload ID</c>, <c>leaf SHA-256</c> or <c>serial HEX ISSUER-CERTIFICATE-FILE</c>, as people and tools write them;
/// <c>end</c> as the last line says that this is all of it.
/// </summary>
internal static class DenyListFile
{
    private const string Forms = "'workload ID', 'leaf SHA-256', 'serial HEX ISSUER-CERTIFICATE-FILE', 'end' nor a comment (#)";
    private const int HashLetters = 64;

    /// <summary>Reads every line that can be read, and names the others.</summary>
    /// <param name="content">The file.</param>
    /// <param name="owners">Users beside root and the service's own that may own the files of issuers.</param>
    /// <exception cref="TrustFileFault">It is no text, or empty.</exception>
    public static DenyListContent Read(byte[] content, IReadOnlyCollection<uint> owners)
    {
        var entries = new Dictionary<string, DenyListEntry>(StringComparer.Ordinal);
        var faults = new List<string>();
        var end = 0;
        foreach (var (index, line) in TrustFile.ReadText(content).Split('\n').Index())
        {
            var words = WithoutComment(line).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (words.Length == 0)
            {
                continue;
            }

            if (end > 0)
            {
                faults.Add($"line {index + 1} is behind 'end' of line {end}");
            }
            else if (words is [var word] && word.Equals("end", StringComparison.OrdinalIgnoreCase))
            {
                end = index + 1;
            }

            try
            {
                // Behind the end, too: who is named there is denied.
                if (index + 1 != end)
                {
                    var entry = Read(words, owners) ?? throw new TrustFileFault($"is neither {Forms}");
                    entries[entry.Key] = entry;
                }
            }
            catch (FormatException fault)
            {
                faults.Add($"line {index + 1} {fault.Message}");
            }
        }

        return new DenyListContent(entries, faults, end > 0 && faults.Count == 0);
    }

    // A path may hold a '#', and hardly one behind a space.
    private static string WithoutComment(string line)
    {
        for (var at = line.IndexOf('#'); at >= 0; at = line.IndexOf('#', at + 1))
        {
            if (at == 0 || char.IsWhiteSpace(line[at - 1]))
            {
                return line[..at];
            }
        }

        return line;
    }

    private static DenyListEntry? Read(string[] words, IReadOnlyCollection<uint> owners) =>
        (words[0].TrimEnd(':').ToLowerInvariant(), words[1..]) switch
    {
        ("workload", [var id]) => Workload(id),
        ("leaf", { Length: > 0 } hash) => Leaf(string.Concat(hash)),
        ("serial", [var serial, .. { Length: > 0 } issuer]) => Serial(serial, string.Join(' ', issuer), owners),
        (_, []) when words[0].StartsWith("spiffe://", StringComparison.Ordinal) => Workload(words[0]),
        (_, []) => Leaf(words[0]),

        // "SHA256 Fingerprint=AA:BB...", as openssl prints it.
        ("sha256", [var hash]) => Leaf(hash),
        _ => null,
    };

    private static DenyListEntry? Workload(string id) => WorkloadId.TryParse(id, out var workload) ? new DenyListEntry(workload) : null;

    private static DenyListEntry? Leaf(string text)
    {
        var hash = text[(text.LastIndexOf('=') + 1)..];
        hash = (hash.StartsWith("sha256:", StringComparison.OrdinalIgnoreCase) ? hash["sha256:".Length..] : hash).Replace(":", string.Empty, StringComparison.Ordinal);
        return hash.Length == HashLetters && hash.All(char.IsAsciiHexDigit) ? new DenyListEntry(Leaf: hash.ToUpperInvariant()) : null;
    }

    private static DenyListEntry? Serial(string text, string issuer, IReadOnlyCollection<uint> owners)
    {
        var serial = text[(text.LastIndexOf('=') + 1)..].Replace(":", string.Empty, StringComparison.Ordinal);
        serial = serial.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? serial[2..] : serial;
        return serial.Length > 0 && serial.All(char.IsAsciiHexDigit)
            ? new DenyListEntry(
                Issuer: ReadIssuer(issuer, owners),
                Serial: Convert.FromHexString(serial.Length % 2 == 0 ? serial : $"0{serial}"))
            : null;
    }

    private static Certificate ReadIssuer(string path, IReadOnlyCollection<uint> owners)
    {
        try
        {
            var certificates = CertificateFile.Read((MtlsFile.At("serial", path) with { Owners = owners }).Read().Bytes, mayHoldKey: false);
            return certificates.Count == 1
                ? Certificate.From(certificates[0]).GetOrThrow()
                : throw new TrustFileFault($"names '{path}', which does not hold one certificate");
        }
        catch (Exception exception) when (exception is not TrustFileFault { InnerException: null } && exception is TrustFileFault or CryptographicException or OptionsValidationException or RejectionException)
        {
            throw new TrustFileFault($"names '{path}', which is not the certificate of an issuer: {exception.Message}", exception);
        }
    }
}

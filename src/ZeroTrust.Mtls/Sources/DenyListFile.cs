using System.Security.Cryptography;
using ZeroTrust.Shared;
using Microsoft.Extensions.Options;
using ZeroTrust.X509;

namespace ZeroTrust.Mtls.Sources;

/// <summary>Who is denied, one to a line: <c>workload ID</c>, <c>leaf SHA-256</c> or <c>serial HEX ISSUER-CERTIFICATE-FILE</c>.</summary>
internal static class DenyListFile
{
    private const char Comment = '#';

    /// <exception cref="FormatException">A line cannot be read.</exception>
    /// <exception cref="ArgumentException">A hash is none.</exception>
    public static DenyList Read(byte[] content)
    {
        var serials = new List<(Certificate Issuer, ReadOnlyMemory<byte> Serial)>();
        var leaves = new List<string>();
        var workloads = new List<WorkloadId>();
        foreach (var (index, line) in (content.Length == 0 ? string.Empty : TrustFile.ReadText(content)).Split('\n').Index())
        {
            switch (line.Split((char[]?)null, 3, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            {
                case []:
                case [[Comment, ..], ..]:
                    break;
                case ["workload", var workload] when WorkloadId.TryParse(workload, out var id):
                    workloads.Add(id);
                    break;
                case ["leaf", var sha256]:
                    leaves.Add(sha256);
                    break;
                case ["serial", var serial, var issuer]:
                    serials.Add((ReadIssuer(issuer), Convert.FromHexString(serial)));
                    break;
                default:
                    throw new FormatException($"Line {index + 1} is neither 'workload ID', 'leaf SHA-256', 'serial HEX ISSUER-CERTIFICATE-FILE' nor a comment.");
            }
        }

        return new DenyList(serials, leaves, workloads);
    }

    private static Certificate ReadIssuer(string path)
    {
        try
        {
            var certificates = AnchorFile.Read(MtlsFile.At("serial", path).Read().Bytes, password: null);
            return certificates.Count == 1
                ? Certificate.From(certificates[0]).GetOrThrow()
                : throw new FormatException($"'{path}' does not hold one certificate.");
        }
        catch (Exception exception) when (exception is TrustFileFault or CryptographicException or OptionsValidationException or RejectionException)
        {
            throw new FormatException($"'{path}' is not the certificate of an issuer: {exception.Message}", exception);
        }
    }
}

using ZeroTrust.Shared;
using ZeroTrust.X509;

namespace ZeroTrust.Mtls.Sources;

/// <summary>CRLs as PEM, one or several, or as one DER CRL.</summary>
internal static class CrlFile
{
    /// <summary>A CRL of a million entries is about 40 MB.</summary>
    public const int MaxBytes = 64 * 1024 * 1024;

    /// <exception cref="FormatException">The content is neither, or holds a CRL that would never be used.</exception>
    public static IReadOnlyList<CertificateRevocationList> Read(byte[] content)
    {
        if (TrustFile.IsBinary(content))
        {
            TrustFile.CheckEnd(content);
            return [ReadOne(content, "it")];
        }

        var blocks = TrustFile.ReadBlocks(content);
        return blocks.FirstOrDefault(block => block.Label != PemBlock.Crl) is { } other
            ? throw TrustFileFault.At(other.Line, $"a {other.Label} block; CRLs are wanted here ({PemBlock.Crl}), and nothing else")
            : [.. blocks.Select((block, index) => ReadOne(block.Der, $"line {block.Line}: CRL {index + 1}"))];
    }

    private static CertificateRevocationList ReadOne(byte[] der, string which)
    {
        if (!CertificateRevocationList.Read(der).TryGet(out var crl, out var rejection))
        {
            throw new TrustFileFault($"{which} cannot be read: {rejection.Detail}");
        }

        return crl.Defect is { } defect ? throw new TrustFileFault($"{which}, {crl}, is of no use because {defect}") : crl;
    }
}

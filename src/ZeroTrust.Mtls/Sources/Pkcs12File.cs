using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ZeroTrust.Shared;

namespace ZeroTrust.Mtls.Sources;

/// <summary>A PKCS#12 file (PFX).</summary>
internal static class Pkcs12File
{
    /// <exception cref="TrustFileFault">It is none, its password is another, or its protection is not read.</exception>
    public static X509Certificate2Collection Read(ReadOnlySpan<byte> content, string? password)
    {
        TrustFile.CheckEnd(content);
        try
        {
            var certificates = X509CertificateLoader.LoadPkcs12Collection(content, password);
            return certificates.Count > 0 ? certificates : throw new TrustFileFault("it is PKCS#12 without a certificate");
        }
        catch (CryptographicException exception)
        {
            throw new TrustFileFault(Fault(content.ToArray(), password, exception), exception);
        }
    }

    private static string Fault(byte[] content, string? password, CryptographicException exception)
    {
        if (!TrustFile.IsPkcs12(content))
        {
            return $"it is not PKCS#12: {Other(content)}";
        }

        return exception is Pkcs12LoadLimitExceededException
            ? "it is PKCS#12 that asks for more work than a file may: "
                + $"{Pkcs12LoaderLimits.Defaults.IndividualKdfIterationLimit} iterations for a part, {Pkcs12LoaderLimits.Defaults.TotalKdfIterationLimit} in all, "
                + $"{Pkcs12LoaderLimits.Defaults.MacIterationLimit} for its MAC, {Pkcs12LoaderLimits.Defaults.MaxCertificates} certificates and "
                + $"{Pkcs12LoaderLimits.Defaults.MaxKeys} keys are the most; export it anew: openssl pkcs12 -export -iter 100000"
            : string.IsNullOrEmpty(password)
                ? "it is PKCS#12 with a password, and none is configured"
                : "it is PKCS#12 with another password than the configured one, or protected in a way that is not read; export it anew: openssl pkcs12 -export -keypbe AES-256-CBC -certpbe AES-256-CBC";
    }

    private static string Other(byte[] content)
    {
        try
        {
            return TrustFile.IsBinary(content)
                ? TrustFile.Describe(content, string.Empty)
                : $"it holds {string.Join(", ", TrustFile.ReadBlocks(content))}; name PEM files in CertificateFile and KeyFile";
        }
        catch (TrustFileFault fault)
        {
            return fault.Message;
        }
    }
}

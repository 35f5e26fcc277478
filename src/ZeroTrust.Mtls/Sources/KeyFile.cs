using System.Security.Cryptography.X509Certificates;
using ZeroTrust.Shared;

namespace ZeroTrust.Mtls.Sources;

/// <summary>The private key of a certificate, as PEM or DER.</summary>
internal static class KeyFile
{
    private const string Wanted = "a PRIVATE KEY block is wanted (PKCS#8, or RSA or EC PRIVATE KEY)";

    /// <summary>Joins the certificate and its key.</summary>
    /// <exception cref="TrustFileFault">There is no key, more than one, one that is not read, or another one.</exception>
    public static X509Certificate2 Attach(X509Certificate2 certificate, byte[] content, string? password) =>
        PrivateKey.Attach(certificate, Find(content), password);

    private static PemBlock Find(byte[] content)
    {
        if (TrustFile.IsBinary(content))
        {
            return OfDer(content);
        }

        var blocks = TrustFile.ReadBlocks(content);
        return blocks.Where(block => block.IsPrivateKey).ToList() switch
        {
            [var key] when blocks.All(block => block.IsPrivateKey || block.IsCertificate || block.IsParameters) => key,
            [_] => throw new TrustFileFault($"beside the key it holds {string.Join(", ", blocks.Where(block => !block.IsPrivateKey))}; {Wanted}"),
            [] => throw new TrustFileFault($"it holds no private key, but {string.Join(", ", blocks)}; {Wanted}"),
            var keys => throw new TrustFileFault($"it holds {keys.Count} private keys (lines {string.Join(", ", keys.Select(key => key.Line))}); one is wanted"),
        };
    }

    private static PemBlock OfDer(byte[] content)
    {
        TrustFile.CheckEnd(content);
        var type = TrustFile.TypeOf(content);
        if (type != X509ContentType.Unknown)
        {
            throw new TrustFileFault(type == X509ContentType.Pkcs12
                ? "it is PKCS#12 (PFX): name it in PfxFile, in place of CertificateFile and KeyFile"
                : $"it is {TrustFile.Describe(content, string.Empty)}; {Wanted}");
        }

        return PrivateKey.LabelOf(content) is { } label
            ? new PemBlock(label, Line: 1, content, Headers: string.Empty)
            : throw new TrustFileFault($"it is a binary object (DER) that is no private key; {Wanted}");
    }
}

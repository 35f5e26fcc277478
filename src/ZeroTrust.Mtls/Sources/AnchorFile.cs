using System.Security.Cryptography.X509Certificates;
using ZeroTrust.Shared;
using ZeroTrust.X509;

namespace ZeroTrust.Mtls.Sources;

/// <summary>Anchors as PEM, as one DER certificate or as PKCS#12.</summary>
internal static class AnchorFile
{
    /// <exception cref="TrustFileFault">The content is none of these, or holds a private key.</exception>
    public static X509Certificate2Collection Read(byte[] content, string? password)
    {
        if (!TrustFile.IsPkcs12(content))
        {
            return CertificateFile.Read(content, mayHoldKey: false);
        }

        var anchors = Pkcs12File.Read(content, password);
        return anchors.Any(anchor => anchor.HasPrivateKey)
            ? throw new TrustFileFault("a private key is among the anchors; who verifies needs the certificates alone: openssl pkcs12 -in FILE -nokeys -out FILE.pem")
            : anchors;
    }

    /// <summary>The anchors that a path could end in: one that breaks a rule takes no other along.</summary>
    /// <param name="anchors">The anchors as they were read.</param>
    /// <param name="leftOut">The others, and why; null when there are none.</param>
    /// <exception cref="TrustFileFault">There is none.</exception>
    public static X509Certificate2Collection Usable(X509Certificate2Collection anchors, out string? leftOut)
    {
        var read = TrustAnchorSet.Create([.. anchors.Select(anchor => anchor.RawDataMemory)], new PathPolicy { Profile = PathProfile.Strict });
        if (!read.TryGet(out var reading, out var rejection))
        {
            throw new TrustFileFault(rejection.ToString());
        }

        leftOut = reading.LeftOut.Count == 0
            ? null
            : string.Join("; ", reading.LeftOut.Select(refused => $"anchor {refused.Index + 1} of {anchors.Count}, {refused.Rejection}"));
        return [.. anchors.Where((_, index) => !reading.LeftOut.Any(refused => refused.Index == index))];
    }
}

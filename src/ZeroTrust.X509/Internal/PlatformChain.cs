using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ZeroTrust.X509.Internal;

/// <summary>Asks the platform's <c>X509Chain</c> for the very path we chose: nothing else to build from, nothing to fetch.</summary>
internal static class PlatformChain
{
    /// <summary>Why it does not accept the path; null when it does, or when it has no way to express the anchor.</summary>
    public static string? FindObjection(IReadOnlyList<Certificate> path, string? purpose, DateTimeOffset now)
    {
        if (!IsSelfSigned(path[^1]))
        {
            return null;
        }

        var loaded = new List<X509Certificate2>(path.Count);
        using var chain = new X509Chain();
        try
        {
            foreach (var certificate in path)
            {
                loaded.Add(X509CertificateLoader.LoadCertificate(certificate.Der.Span));
            }

            var policy = chain.ChainPolicy;
            policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            policy.CustomTrustStore.Add(loaded[^1]);
            policy.ExtraStore.AddRange(loaded.Skip(1).ToArray());
            policy.DisableCertificateDownloads = true;
            policy.RevocationMode = X509RevocationMode.NoCheck;
            policy.VerificationTime = now.UtcDateTime;

            // Validity is judged by us, to the second and with the skew.
            policy.VerificationFlags = X509VerificationFlags.IgnoreNotTimeValid;
            if (purpose is not null)
            {
                policy.ApplicationPolicy.Add(new Oid(purpose));
            }

            if (!chain.Build(loaded[0]))
            {
                return string.Join(", ", chain.ChainStatus.Select(status => status.Status));
            }

            var isSame = chain.ChainElements.Select(element => Convert.ToHexString(element.Certificate.RawDataMemory.Span))
                .SequenceEqual(path.Select(certificate => Convert.ToHexString(certificate.Der.Span)), StringComparer.Ordinal);
            return isSame ? null : "It found another path.";
        }
        catch (CryptographicException exception)
        {
            return exception.Message;
        }
        finally
        {
            foreach (var element in chain.ChainElements)
            {
                element.Certificate.Dispose();
            }

            loaded.ForEach(certificate => certificate.Dispose());
        }
    }

    /// <summary>
    /// The platform's chains end in certificates that verify with their own key; a CA that changed its key may issue itself others. What is
    /// signed by an algorithm we do not take counts as self-signed, so that the platform is asked.
    /// </summary>
    private static bool IsSelfSigned(Certificate anchor) =>
        anchor.IsSelfIssued
        && (!SignatureCheck.IsPossible(anchor, anchor.SignatureAlgorithm)
            || SignatureCheck.Verify(anchor, anchor.SignatureAlgorithm, anchor.Signed.Span, anchor.Signature.Span));
}

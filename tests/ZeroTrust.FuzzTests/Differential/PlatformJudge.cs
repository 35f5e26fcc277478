using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ZeroTrust.FuzzTests.Chains;
using ZeroTrust.X509;

namespace ZeroTrust.FuzzTests.Differential;

/// <summary>Asks the platform's <see cref="X509Chain"/> the same question.</summary>
internal static class PlatformJudge
{
    private static readonly Oid ServerAuth = new(KeyPurposes.ServerAuth);

    public static PlatformVerdict Judge(ChainCase chain) => Judge(chain.Leaf, chain.Bag, chain.Anchors, chain.Time);

    public static PlatformVerdict Judge(byte[] leaf, IEnumerable<byte[]> bag, IEnumerable<byte[]> anchors, DateTimeOffset time)
    {
        using var builder = new X509Chain();
        var loaded = new List<X509Certificate2>();
        try
        {
            if (!TryLoad(leaf, loaded, out var error))
            {
                return PlatformVerdict.Failed(error);
            }

            var policy = builder.ChainPolicy;
            policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            policy.DisableCertificateDownloads = true;
            policy.RevocationMode = X509RevocationMode.NoCheck;
            policy.VerificationTime = time.UtcDateTime;
            policy.ApplicationPolicy.Add(ServerAuth);
            AddAll(policy.ExtraStore, bag, loaded);
            AddAll(policy.CustomTrustStore, anchors, loaded);
            var isAccepted = builder.Build(loaded[0]);
            return new(isAccepted, builder.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, (all, status) => all | status.Status));
        }
        catch (CryptographicException exception)
        {
            return PlatformVerdict.Failed(exception.Message);
        }
        finally
        {
            foreach (var element in builder.ChainElements)
            {
                element.Certificate.Dispose();
            }

            loaded.ForEach(certificate => certificate.Dispose());
        }
    }

    private static void AddAll(X509Certificate2Collection store, IEnumerable<byte[]> encodings, List<X509Certificate2> loaded)
    {
        foreach (var encoding in encodings)
        {
            if (TryLoad(encoding, loaded, out _))
            {
                store.Add(loaded[^1]);
            }
        }
    }

    private static bool TryLoad(byte[] encoding, List<X509Certificate2> loaded, out string? error)
    {
        try
        {
            loaded.Add(X509CertificateLoader.LoadCertificate(encoding));
            error = null;
            return true;
        }
        catch (CryptographicException exception)
        {
            error = exception.Message;
            return false;
        }
    }
}

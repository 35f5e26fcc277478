using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ZeroTrust.Mtls.Internal;

namespace ZeroTrust.Mtls;

/// <summary>What one trust domain is trusted by: its anchors and the longest life of a leaf. Immutable.</summary>
public sealed class TrustBundle
{
    /// <summary>The longest life of a leaf where nothing else is said: 24 hours.</summary>
    public static readonly TimeSpan DefaultMaxLeafLifetime = TimeSpan.FromHours(24);

    /// <summary>Creates a bundle.</summary>
    /// <param name="trustDomain">The trust domain.</param>
    /// <param name="anchors">Its self-signed CA certificates; copied.</param>
    /// <param name="maxLeafLifetime">The longest life of a leaf; null for <see cref="DefaultMaxLeafLifetime"/>.</param>
    /// <exception cref="ArgumentException">The trust domain is <c>default</c>, there is no anchor, or one is not a self-signed CA certificate with a strong key.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The lifetime is not positive.</exception>
    public TrustBundle(TrustDomain trustDomain, X509Certificate2Collection anchors, TimeSpan? maxLeafLifetime = null)
    {
        ArgumentNullException.ThrowIfNull(anchors);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(maxLeafLifetime ?? DefaultMaxLeafLifetime, TimeSpan.Zero, nameof(maxLeafLifetime));
        if (trustDomain.IsDefault || anchors.Count == 0)
        {
            throw new ArgumentException("A bundle names a trust domain and at least one anchor.", nameof(anchors));
        }

        TrustDomain = trustDomain;
        MaxLeafLifetime = maxLeafLifetime ?? DefaultMaxLeafLifetime;
        Anchors = [.. anchors.Select(Copy)];
        AnchorsDer = [.. Anchors.Select(anchor => anchor.RawDataMemory)];
    }

    /// <summary>The trust domain.</summary>
    public TrustDomain TrustDomain { get; }

    /// <summary>The anchors, DER.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> AnchorsDer { get; }

    /// <summary>The longest life of a leaf.</summary>
    public TimeSpan MaxLeafLifetime { get; }

    internal X509Certificate2[] Anchors { get; }

    private static X509Certificate2 Copy(X509Certificate2 anchor)
    {
        var copy = X509CertificateLoader.LoadCertificate(anchor.RawData);
        return CertificateRules.AnchorDefect(copy) is { } defect
            ? throw new ArgumentException($"The anchor with SHA-256 {copy.GetCertHashString(HashAlgorithmName.SHA256)} {defect}.", nameof(anchor))
            : copy;
    }
}

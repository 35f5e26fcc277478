using System.Collections.Concurrent;

namespace ZeroTrust.AspNetCore.Listeners;

/// <summary>The certificates of the host's edge listeners.</summary>
internal sealed class EdgeCertificates
{
    private readonly ConcurrentQueue<EdgeCertificate> _all = new();

    public IReadOnlyCollection<EdgeCertificate> All => _all;

    public EdgeCertificate Add(EdgeCertificate certificate)
    {
        _all.Enqueue(certificate);
        return certificate;
    }
}

using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ZeroTrust.Mtls;

namespace ZeroTrust.Tool.Service;

/// <summary>A credential for handshakes that are judged and never made.</summary>
internal static class StandInCredential
{
    public static IPeerCredentialSource Create(DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=stand-in", key, HashAlgorithmName.SHA256);
        return new MemoryPeerCredentialSource(PeerCredential.Create(request.CreateSelfSigned(now.AddMinutes(-1), now.AddMinutes(1))));
    }
}

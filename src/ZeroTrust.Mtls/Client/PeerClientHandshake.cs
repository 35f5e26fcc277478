using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using ZeroTrust.Mtls.Internal;

namespace ZeroTrust.Mtls.Client;

/// <summary>The client's side of one mutual TLS handshake with exactly one server identity.</summary>
internal sealed class PeerClientHandshake
{
    private readonly PeerCredential _credential;
    private readonly WorkloadId _server;
    private readonly PeerHandshake _handshake;

    public PeerClientHandshake(IPeerJudge judge, PeerCredential credential, WorkloadId server, ResumedPeers? resumption = null)
    {
        if (server.IsDefault)
        {
            throw new ArgumentException("A client is bound to one server.", nameof(server));
        }

        _credential = credential;
        _server = server;
        _handshake = new PeerHandshake(judge, PeerRole.Server, CheckIdentity, refused: null, resumption);
    }

    public Verdict<VerifiedPeer> Verdict => _handshake.Verdict;

    public PeerCertificates? Presented => _handshake.Presented;

    public SslClientAuthenticationOptions CreateOptions(string targetHost, List<SslApplicationProtocol> applicationProtocols) => new()
    {
        TargetHost = targetHost,
        ApplicationProtocols = applicationProtocols,
        ClientCertificateContext = _credential.CertificateContext,
        EnabledSslProtocols = PeerTls.Protocol,
        AllowRenegotiation = false,
        AllowTlsResume = _handshake.MayResume,
        CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
        CertificateChainPolicy = PeerHandshake.InertPolicy(),
        RemoteCertificateValidationCallback = _handshake.OnCertificate,
    };

    public Verdict<VerifiedPeer> Complete(SslStream stream) => _handshake.Complete(stream);

    // The host name is where the connection went, not who answered; only the workload id counts.
    private Verdict<VerifiedPeer> CheckIdentity(VerifiedPeer peer) => peer.Workload == _server
        ? peer
        : MtlsRejections.Refuse(
            MtlsRejectionReason.ServerIdentityMismatch, "The server is not the one this client is bound to.", _server.ToString(), peer.ToString());
}

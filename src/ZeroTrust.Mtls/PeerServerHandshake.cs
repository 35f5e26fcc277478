using System.Net.Security;
using ZeroTrust.Mtls.Internal;

namespace ZeroTrust.Mtls;

/// <summary>The server's side of one mutual TLS handshake: its options, what the client presented, and the verdict.</summary>
/// <remarks>
/// Give <see cref="CreateOptions"/> to the TLS layer, and call <see cref="Complete"/> before the first byte is served:
/// the platform may skip its callback, so a verdict of the callback alone is not enough.
/// </remarks>
public sealed class PeerServerHandshake
{
    private readonly PeerCredential _credential;
    private readonly PeerHandshake _handshake;

    internal PeerServerHandshake(PeerVerifier verifier, PeerCredential credential, PeerAllowList allowed, Action<Rejection, PeerCertificates?>? refused)
    {
        _credential = credential;
        _handshake = new PeerHandshake(verifier, PeerRole.Client, allowed.Check, refused);
    }

    /// <summary>The latest verdict; not evaluated before the client's certificate was seen.</summary>
    public Verdict<VerifiedPeer> Verdict => _handshake.Verdict;

    /// <summary>What the client presented; null before the handshake and when it presented nothing readable.</summary>
    public PeerCertificates? Presented => _handshake.Presented;

    /// <summary>The options of this connection, with the credential that was current when the handshake began.</summary>
    /// <param name="applicationProtocols">The application protocols to offer; null where the host sets them.</param>
    public SslServerAuthenticationOptions CreateOptions(IReadOnlyList<SslApplicationProtocol>? applicationProtocols = null)
    {
        var options = PeerTls.CreateEdgeOptions(_credential, applicationProtocols);
        options.ClientCertificateRequired = true;
        options.CertificateChainPolicy = PeerHandshake.InertPolicy();
        options.RemoteCertificateValidationCallback = _handshake.OnCertificate;
        return options;
    }

    /// <summary>Verifies the finished handshake.</summary>
    /// <param name="stream">The authenticated stream.</param>
    /// <returns>The proved client, or why the connection has to be closed.</returns>
    public Verdict<VerifiedPeer> Complete(SslStream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return _handshake.Complete(stream);
    }
}

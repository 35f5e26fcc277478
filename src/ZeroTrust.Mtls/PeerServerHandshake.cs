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
    private readonly PeerHandshake _handshake;

    internal PeerServerHandshake(PeerCredential credential, PeerHandshake handshake)
    {
        Credential = credential;
        _handshake = handshake;
    }

    /// <summary>The own credential, the one that was current when the handshake began.</summary>
    public PeerCredential Credential { get; }

    /// <summary>The latest verdict; not evaluated before the client's certificate was seen.</summary>
    public Verdict<VerifiedPeer> Verdict => _handshake.Verdict;

    /// <summary>What the client presented; null before the handshake and when it presented nothing readable.</summary>
    public PeerCertificates? Presented => _handshake.Presented;

    /// <summary>The options of this connection, with <see cref="Credential"/>.</summary>
    /// <param name="applicationProtocols">The application protocols to offer; null where the host sets them.</param>
    public SslServerAuthenticationOptions CreateOptions(IReadOnlyList<SslApplicationProtocol>? applicationProtocols = null)
    {
        _ = OpenSslErrors.EndWithVerification;
        var options = PeerTls.CreateEdgeOptions(Credential, applicationProtocols);
        options.ClientCertificateRequired = true;
        options.AllowTlsResume = _handshake.MayResume;
        options.CertificateChainPolicy = PeerHandshake.InertPolicy();
        options.RemoteCertificateValidationCallback = _handshake.OnCertificate;
        if (_handshake.AllowsTls12)
        {
            Tls12.Allow(options);
        }

        return options;
    }

    /// <summary>
    /// Lets this handshake speak TLS 1.2 beside 1.3: the client's certificate then passes in the clear, and all else is asked for as
    /// before.
    /// </summary>
    /// <param name="reason">Why this is acceptable. Register it as a <see cref="Weakening"/>, so that operators see it.</param>
    /// <returns>The same handshake. It may not resume a session.</returns>
    /// <exception cref="ArgumentException">There is no reason.</exception>
    /// <exception cref="InvalidOperationException">The handshake may resume a session, which is kept to TLS 1.3.</exception>
    public PeerServerHandshake DangerousAllowTls12(string reason)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(reason);
        if (_handshake.MayResume)
        {
            throw new InvalidOperationException("Sessions of TLS 1.2 are not resumed; accept the client without resumption.");
        }

        _handshake.AllowsTls12 = true;
        return this;
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

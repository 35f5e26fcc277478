using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using ZeroTrust.Mtls.Internal;

namespace ZeroTrust.Mtls;

/// <summary>
/// The one place where TLS is configured: TLS 1.3 unless code says otherwise, resumption only where it is asked for, no downloads, no
/// system trust.
/// </summary>
/// <param name="verifier">Decides about peers.</param>
/// <param name="credentials">The own certificate; asked for each connection, so a rotation needs no restart.</param>
public sealed class PeerTls(PeerVerifier verifier, IPeerCredentialSource credentials)
{
#pragma warning disable CA5398 // one version on purpose: older ones have renegotiation and send certificates in the clear
    internal static SslProtocols Protocol => SslProtocols.Tls13;
#pragma warning restore CA5398

    /// <summary>Options for a listener that serves clients without certificates, such as the edge.</summary>
    /// <param name="credential">The server's certificate.</param>
    /// <param name="applicationProtocols">The application protocols to offer; null where the host sets them.</param>
    public static SslServerAuthenticationOptions CreateEdgeOptions(
        PeerCredential credential,
        IReadOnlyList<SslApplicationProtocol>? applicationProtocols = null)
    {
        ArgumentNullException.ThrowIfNull(credential);
        return new SslServerAuthenticationOptions
        {
            ServerCertificateContext = credential.CertificateContext,
            ApplicationProtocols = applicationProtocols is null ? null : [.. applicationProtocols],
            ClientCertificateRequired = false,
            EnabledSslProtocols = Protocol,
            AllowRenegotiation = false,
            AllowTlsResume = false,
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
        };
    }

    /// <summary>
    /// Lets one handshake without a client's certificate speak TLS 1.2 beside 1.3, with ephemeral keys and authenticated encryption alone.
    /// </summary>
    /// <param name="options">The options of <see cref="CreateEdgeOptions"/>.</param>
    /// <param name="reason">Why this is acceptable. Register it as a <see cref="Weakening"/>, so that operators see it.</param>
    /// <exception cref="ArgumentException">There is no reason.</exception>
    public static void DangerousAllowTls12(SslServerAuthenticationOptions options, string reason)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentException.ThrowIfNullOrWhiteSpace(reason);
        Tls12.Allow(options);
    }

    /// <summary>Begins the server's side of one connection from a workload.</summary>
    /// <param name="allowed">Who may connect.</param>
    /// <param name="resumption">
    /// The listener's own memory of peers that may resume their sessions; null, which is safest, for a full handshake each time.
    /// </param>
    /// <param name="refused">
    /// Called once when the client is refused, with the reason and what it presented; null where nobody listens.
    /// </param>
    /// <returns>The state of this one handshake; make a new one for each connection.</returns>
    public PeerServerHandshake AcceptClient(
        PeerAllowList allowed, ResumedPeers? resumption = null, Action<Rejection, PeerCertificates?>? refused = null)
    {
        ArgumentNullException.ThrowIfNull(allowed);
        return new PeerServerHandshake(
            credentials.GetCredential(), new PeerHandshake(verifier, PeerRole.Client, allowed.Check, refused, resumption));
    }

    /// <summary>Begins the client's side of one connection to a workload.</summary>
    /// <param name="server">The workload the server has to prove.</param>
    /// <param name="resumption">
    /// The client's own memory of servers whose sessions may be resumed; null, which is safest, for a full handshake each time.
    /// </param>
    /// <returns>The state of this one handshake; make a new one for each connection.</returns>
    /// <exception cref="ArgumentException">The server is <c>default</c>.</exception>
    public PeerClientHandshake ConnectTo(WorkloadId server, ResumedPeers? resumption = null) =>
        ConnectTo(new BoundServer(new ServerIdentity(server), verifier), resumption);

    internal PeerClientHandshake ConnectTo(BoundServer server, ResumedPeers? resumption) =>
        new(server.Verifier, credentials.GetCredential(), server.Identity, server.Identity.AllowsTls12 ? null : resumption);
}

using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using ZeroTrust.Mtls.Internal;

namespace ZeroTrust.Mtls;

/// <summary>
/// The client's side of one mutual TLS handshake with exactly one server: its options, what the server presented, and the verdict.
/// </summary>
/// <remarks>
/// For protocols other than HTTP; HTTP clients use <c>AddMtls("server")</c>. Give <see cref="CreateOptions"/> to the TLS layer, and call
/// <see cref="Complete"/> before the first byte is sent: the platform may skip its callback, so a verdict of the callback alone is not
/// enough.
/// </remarks>
public sealed class PeerClientHandshake
{
    private readonly ServerIdentity _server;
    private readonly PeerHandshake _handshake;

    internal PeerClientHandshake(IPeerJudge judge, PeerCredential credential, ServerIdentity server, ResumedPeers? resumption = null)
    {
        if (server.Workload.IsDefault)
        {
            throw new ArgumentException("A client is bound to one server.", nameof(server));
        }

        Credential = credential;
        _server = server;
        _handshake = new PeerHandshake(judge, PeerRole.Server, CheckIdentity, refused: null, resumption)
        {
            AllowsTls12 = server.AllowsTls12,
        };
    }

    /// <summary>The own credential, the one that was current when the handshake began.</summary>
    public PeerCredential Credential { get; }

    /// <summary>Whether the server gets the certificate of this workload.</summary>
    internal bool SendsCertificate => _server.SendsCertificate;

    /// <summary>The latest verdict; not evaluated before the server's certificate was seen.</summary>
    public Verdict<VerifiedPeer> Verdict => Outbound(_handshake.Verdict);

    /// <summary>What the server presented; null before the handshake and when it presented nothing readable.</summary>
    public PeerCertificates? Presented => _handshake.Presented;

    /// <summary>The options of this connection, with <see cref="Credential"/>.</summary>
    /// <param name="targetHost">The name sent as SNI (RFC 6066 section 3), where the server is bound by a SPIFFE ID; else its DNS name is
    /// sent. It says where the connection goes, never who has to answer.</param>
    /// <param name="applicationProtocols">The application protocols to offer (RFC 7301); none for a protocol without ALPN.</param>
    public SslClientAuthenticationOptions CreateOptions(string targetHost, IReadOnlyList<SslApplicationProtocol> applicationProtocols)
    {
        var options = new SslClientAuthenticationOptions
        {
            TargetHost = _server.Workload.DnsName ?? targetHost,
            ApplicationProtocols = [.. applicationProtocols],
            ClientCertificateContext = _server.SendsCertificate ? Credential.CertificateContext : null,
            EnabledSslProtocols = PeerTls.Protocol,
            AllowRenegotiation = false,
            AllowTlsResume = _handshake.MayResume,
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
            CertificateChainPolicy = PeerHandshake.InertPolicy(),
            RemoteCertificateValidationCallback = _handshake.OnCertificate,
        };
        if (_server.AllowsTls12)
        {
            Tls12.Allow(options);
        }

        return options;
    }

    /// <summary>Verifies the finished handshake.</summary>
    /// <param name="stream">The authenticated stream.</param>
    /// <returns>The proved server, or why the connection has to be closed.</returns>
    public Verdict<VerifiedPeer> Complete(SslStream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return Outbound(_handshake.Complete(stream));
    }

    /// <summary>Judges the server of this connection again.</summary>
    internal Verdict<VerifiedPeer> Recheck(VerifiedPeer peer) => Outbound(_handshake.Recheck(peer));

    // A refused server must not read as a refused caller of the workload that called it.
    private static Verdict<VerifiedPeer> Outbound(Verdict<VerifiedPeer> verdict) =>
        verdict.TryGet(out _, out var rejection) || ReferenceEquals(rejection, Rejection.NotEvaluated) ? verdict : rejection.ToOutbound();

    // Where the connection went does not tell who answered; only what the leaf names counts.
    private Verdict<VerifiedPeer> CheckIdentity(VerifiedPeer peer) =>
        !_server.Check(peer).TryGet(out _, out var rejection) ? rejection

        // The name it was bound by is the one TLS was told, so the platform has to agree.
        : _server.Workload.DnsName is not null && _handshake.PlatformErrors?.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch) == true
            ? _server.Mismatch("a leaf the platform does not match with the name")
            : peer;
}

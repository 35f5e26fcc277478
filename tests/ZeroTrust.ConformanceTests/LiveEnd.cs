using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ZeroTrust.Mtls;
using ZeroTrust.Mtls.Internal;

namespace ZeroTrust.ConformanceTests;

/// <summary>Our end of one live handshake: the product's own, with the judgement of a case in place of the mesh's.</summary>
/// <param name="AuthenticateAsync">Shakes hands.</param>
/// <param name="Told">The verdict so far.</param>
/// <param name="Complete">The guard after the handshake.</param>
internal sealed record LiveEnd(
    Func<SslStream, CancellationToken, Task> AuthenticateAsync,
    Func<Verdict<VerifiedPeer>> Told,
    Func<SslStream, Verdict<VerifiedPeer>> Complete)
{
    private static readonly PeerCredential Credential = MakeCredential();
    private static readonly PeerAllowList Allowed = new(LiveJudge.Workload);

    /// <param name="peer">Which end openssl is.</param>
    /// <param name="judge">Judges the peer.</param>
    /// <param name="overruled">Whether the platform passes over what the callback answers, so that the guard alone decides.</param>
    public static LiveEnd Facing(LiveSide peer, LiveJudge judge, bool overruled) => peer == LiveSide.Client ? Server(judge, overruled) : Client(judge, overruled);

    private static LiveEnd Server(LiveJudge judge, bool overruled)
    {
        var handshake = new PeerServerHandshake(
            Credential, new PeerHandshake(judge, PeerRole.Client, Allowed.Check, refused: null, resumption: null));
        var options = handshake.CreateOptions();
        options.RemoteCertificateValidationCallback = Obey(options.RemoteCertificateValidationCallback!, overruled);
        return new((stream, cancellationToken) => stream.AuthenticateAsServerAsync(options, cancellationToken), () => handshake.Verdict, handshake.Complete);
    }

    private static LiveEnd Client(LiveJudge judge, bool overruled)
    {
        var handshake = new PeerClientHandshake(judge, Credential, new ServerIdentity(LiveJudge.Workload));
        var options = handshake.CreateOptions("localhost", []);
        options.RemoteCertificateValidationCallback = Obey(options.RemoteCertificateValidationCallback!, overruled);
        return new((stream, cancellationToken) => stream.AuthenticateAsClientAsync(options, cancellationToken), () => handshake.Verdict, handshake.Complete);
    }

    private static RemoteCertificateValidationCallback Obey(RemoteCertificateValidationCallback callback, bool overruled) =>
        overruled ? (sender, certificate, chain, errors) => callback(sender, certificate, chain, errors) || overruled : callback;

    private static PeerCredential MakeCredential()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=conformance", key, HashAlgorithmName.SHA256);
        var now = TimeProvider.System.GetUtcNow();
        return PeerCredential.Create(request.CreateSelfSigned(now.AddHours(-1), now.AddHours(12)));
    }
}

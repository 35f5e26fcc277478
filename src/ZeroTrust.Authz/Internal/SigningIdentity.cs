using ZeroTrust.Jose;
using ZeroTrust.Mtls;

namespace ZeroTrust.Authz.Internal;

/// <summary>This workload as a signer: its name, its key and the certificates that prove both.</summary>
internal sealed class SigningIdentity
{
    internal SigningIdentity(PeerCredential credential)
    {
        Credential = credential;
        Signer = JwsSigner.FromCertificate(credential.Certificate);
        NotAfter = credential.NotAfter;
        Certificates =
        [
            CanonicalBase64Url.Encode(credential.Certificate.RawData),
            .. credential.IntermediatesDer.Select(der => CanonicalBase64Url.Encode(der.Span)),
        ];
    }

    internal PeerCredential Credential { get; }

    internal WorkloadId Workload => Credential.Workload;

    internal DateTimeOffset NotBefore => Credential.NotBefore;

    internal DateTimeOffset NotAfter { get; }

    internal JwsSigner Signer { get; }

    /// <summary>The leaf, then the intermediates, in base64url.</summary>
    internal IReadOnlyList<string> Certificates { get; }
}

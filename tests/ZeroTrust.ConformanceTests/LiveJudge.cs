using System.Security.Cryptography.X509Certificates;
using ZeroTrust.Mtls;
using ZeroTrust.Mtls.Internal;
using ZeroTrust.X509;

namespace ZeroTrust.ConformanceTests;

/// <summary>Lets a handshake judge its peer by one case, over what the handshake itself captured.</summary>
internal sealed class LiveJudge(ConformanceCase test) : IPeerJudge
{
    private static readonly TrustSnapshot Snapshot = new(epoch: 1, new TrustBundleSet(), localTrustDomain: default, clockSkew: TimeSpan.Zero);

    /// <summary>Who every accepted peer is: the cases are about paths, not about workloads.</summary>
    public static WorkloadId Workload { get; } = WorkloadId.Parse("spiffe://conformance.test/peer");

    /// <summary>What the handshake captured; null when it never got to ask.</summary>
    public PeerCertificates? Captured { get; private set; }

    /// <summary>The latest verdict; null when the handshake never got to ask.</summary>
    public Outcome? Outcome { get; private set; }

    public Verdict<VerifiedPeer> Verify(PeerCertificates certificates, PeerRole role, IReadOnlyList<X509Certificate2> parsed)
    {
        Captured = certificates;
        Outcome = CaseRunner.Judge(test, Read(certificates.LeafDer, parsed), certificates.IntermediatesDer.Select(der => Read(der, parsed)), veto: false);
        return Outcome.Accepted
            ? new VerifiedPeer(certificates, role, Snapshot) { Workload = Workload }
            : new Rejection(Outcome.Code, Outcome.Detail, RejectionKind.Unauthenticated);
    }

    public Verdict<VerifiedPeer> Recheck(VerifiedPeer peer) => Verify(peer.Certificates, peer.Role, parsed: []);

    private static Verdict<Certificate> Read(ReadOnlyMemory<byte> der, IReadOnlyList<X509Certificate2> parsed) =>
        parsed.FirstOrDefault(platform => platform.RawDataMemory.Span.SequenceEqual(der.Span)) is { } lender
            ? Certificate.From(lender)
            : Certificate.Read(der);
}

using Microsoft.Extensions.Options;
using ZeroTrust.Mtls;
using ZeroTrust.Tool.Service;
using ZeroTrust.Tool.Verify;
using ZeroTrust.X509;

namespace ZeroTrust.Tool.Judges;

/// <summary>Anchors and CRLs of the command line, and the defaults of a service.</summary>
internal sealed class FilesJudge(VerifyRequest request, Func<TrustDomain, TrustBundle> makeBundle) : PeerJudge
{
    private const string NoName = "mtls.server_identity_mismatch";

    // Nobody: what no list of peers could hold is refused by this one too.
    private static readonly WorkloadId Nobody = WorkloadId.Parse("spiffe://nobody.invalid/nobody");

    private TrustBundle? _bundle;

    public override PeerRole Role => request.Role;

    public override TimeSpan ClockSkew { get; } = new MtlsOptions().ClockSkew;

    public override TrustDomain DomainOf(Certificate? leaf) => request.TrustDomain ?? SpiffeDomainOf(leaf) ?? TrustDomain.Parse("local");

    // A leaf known by a DNS name belongs to no trust domain of its own; whatever the anchors' is called, they judge it.
    public override TrustBundle? BundleOf(TrustDomain domain) => _bundle ??= makeBundle(domain);

    public override Verdict<VerifiedPeer> Decide(IReadOnlyList<byte[]> presented)
    {
        var domain = DomainOf(Certificate.Read(presented[0]).TryGet(out var leaf, out _) ? leaf : null);
        var options = Options.Create(new MtlsOptions { TrustDomain = domain.ToString() });
        var time = new MomentTimeProvider(request.At);
        var verifier = new PeerVerifier(new MemoryTrustBundleSource(new TrustBundleSet(BundleOf(domain)!)), options, time);
        var tls = new PeerTls(verifier, StandInCredential.Create(request.At));
        return Role == PeerRole.Client ? DecideClient(tls, presented) : DecideServer(tls, presented);
    }

    public override string IdentityText(VerifiedPeer peer) =>
        request.Expected is { } expected ? $"{expected} is who was expected" : "no name was expected (--name)";

    // Without an expected name the peer's own stands for it; a peer without one is on no list.
    private Verdict<VerifiedPeer> DecideClient(PeerTls tls, IReadOnlyList<byte[]> presented)
    {
        var verdict = Handshakes.Judge(tls.AcceptClient(new PeerAllowList(request.Expected ?? Nobody)), presented);
        if (request.Expected is { } expected)
        {
            return Expecting(verdict, expected);
        }

        return verdict.Rejection is { Code: "mtls.peer_not_listed", Presented: { } name } && WorkloadId.TryParse(name, out var workload)
            ? Handshakes.Judge(tls.AcceptClient(new PeerAllowList(workload)), presented)
            : verdict;
    }

    private Verdict<VerifiedPeer> DecideServer(PeerTls tls, IReadOnlyList<byte[]> presented)
    {
        if (request.Expected is { } expected)
        {
            return Expecting(Handshakes.Judge(tls.ConnectTo(expected), presented), expected);
        }

        var verdict = Handshakes.Judge(tls.ConnectTo(Nobody), presented);
        return verdict.Rejection is { Code: NoName } ? Handshakes.Judge(tls.ConnectTo(OwnNameOf(presented[0])), presented) : verdict;
    }

    private static WorkloadId OwnNameOf(byte[] leaf)
    {
        var read = Certificate.Read(leaf).GetOrThrow();
        string[] names = [.. read.UriNames, .. read.DnsNames.Select(name => "dns:" + name.ToLowerInvariant())];
        var own = names.Select(name => WorkloadId.TryParse(name, out var workload) ? workload : default).FirstOrDefault(workload => !workload.IsDefault);
        return own.IsDefault ? Nobody : own;
    }

    private static Verdict<VerifiedPeer> Expecting(Verdict<VerifiedPeer> verdict, WorkloadId expected) =>
        verdict.Rejection is { Code: "mtls.peer_not_listed" or "mtls.no_workload_id" } refused
            ? new Rejection(refused.Code, refused.Detail, refused.Kind) { Expected = expected.ToString(), Presented = refused.Presented }
            : verdict;
}

using System.Security.Cryptography.X509Certificates;
using ZeroTrust.Mtls;
using ZeroTrust.Mtls.Internal;
using ZeroTrust.Mtls.Sources;
using ZeroTrust.Shared;

namespace ZeroTrust.ConformanceTests;

/// <summary>
/// Chains of real public servers, judged as a partner's server is: under their own roots, by their name, with a life of a public
/// certificate.
/// </summary>
public sealed class PublicServerTests
{
    private const string Real = "online::";

    private static readonly TimeSpan PublicLife = TimeSpan.FromDays(398);

    [Fact]
    public void Real_public_chains_are_judged_as_stated()
    {
        var cases = Cases();
        string[] wrong = [.. cases.Select(test => (test, verdict: Judge(test))).Where(judged => judged.verdict.IsAccepted != judged.test.Accepted)
            .Select(judged => $"{judged.test.Id}: stated {judged.test.Accepted}, {judged.verdict}")];

        TestContext.Current.TestOutputHelper?.WriteLine($"{cases.Length} real chains, {wrong.Length} judged otherwise.");
        Assert.True(wrong.Length == 0, string.Join(Environment.NewLine, wrong));
    }

    [Fact]
    public void Real_public_chains_are_refused_under_the_name_of_another_server_and_the_default_life()
    {
        Assert.All(Cases(), test => Assert.False(Judge(test, "api.bank.example").IsAccepted, test.Id));
        Assert.All(Cases(), test => Assert.False(Judge(test, life: TrustBundle.DefaultMaxLeafLifetime).IsAccepted, test.Id));
    }

    private static ConformanceCase[] Cases()
    {
        ConformanceCase[] cases = [.. Conformance.Corpora.Read().SelectMany(static file => file.Cases).Where(IsReal)];
        Assert.SkipWhen(cases.Length == 0, Conformance.Corpora.HowToPoint);
        return cases;
    }

    private static bool IsReal(ConformanceCase test) =>
        test is { Unrunnable: null, Unaskable: null } && test.Id.StartsWith(Real, StringComparison.Ordinal) && test.Policies[0].Expected.Count == 1;

    private static Verdict<VerifiedPeer> Judge(ConformanceCase test, string? name = null, TimeSpan? life = null)
    {
        var workload = WorkloadId.Parse("dns:" + (name ?? test.Policies[0].Expected[0].Value).ToLowerInvariant());
        var partner = new PartnerRules("server", workload);
        var anchors = AnchorFile.Usable([.. test.Anchors.Select(anchor => X509CertificateLoader.LoadCertificate(anchor.Span))], out _);
        var time = new Moment(test.Time);
        var trust = new PartnerTrust(
            new TrustBundle(partner.Domain, anchors, life ?? PublicLife), "server", new MemoryTrustBundleSource(new TrustBundleSet()), new WatchEvents());
        var verifier = new PeerVerifier(trust, partner, new MtlsOptions(), time, meterFactory: null);
        return new BoundServer(new ServerIdentity(workload) { Partner = partner }, verifier)
            .Verify(PeerCertificates.Create(test.Leaf, test.Intermediates).GetOrThrow());
    }

    private sealed class Moment(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}

using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using ZeroTrust.Testing;

namespace ZeroTrust.Mtls.Tests.Support;

/// <summary>One trust domain at a fixed time, with an authority and a verifier.</summary>
internal sealed class World : IDisposable
{
    public const string Domain = "example.test";
    public const string Orders = "spiffe://example.test/orders";
    public const string Billing = "spiffe://example.test/billing";

    public static readonly DateTimeOffset Start = new(2030, 6, 1, 12, 0, 0, TimeSpan.Zero);

    public World(TimeProvider? time = null)
    {
        Clock = new FakeTimeProvider(Start);
        Time = time ?? Clock;
        Root = TestCertificateAuthority.Create("root", Time);
        Intermediate = Root.CreateIntermediate("intermediate");
        Bundles = new MemoryTrustBundleSource(new TrustBundleSet(Root.ToBundle(Domain)));
        Verifier = NewVerifier(Bundles, Time);
    }

    public FakeTimeProvider Clock { get; }

    public TimeProvider Time { get; }

    public TestCertificateAuthority Root { get; }

    public TestCertificateAuthority Intermediate { get; }

    public MemoryTrustBundleSource Bundles { get; }

    public PeerVerifier Verifier { get; }

    public static PeerVerifier NewVerifier(ITrustBundleSource bundles, TimeProvider time) =>
        new(bundles, Options.Create(new MtlsOptions { TrustDomain = Domain }), time);

    public Verdict<VerifiedPeer> Verify(Action<TestLeafOptions> configure, PeerRole role = PeerRole.Client)
    {
        using var leaf = Intermediate.Issue(configure);
        return Verifier.Verify(leaf.ToPeerCertificates(), role);
    }

    public PeerTls Tls(TestCertificate own) => new(Verifier, new MemoryPeerCredentialSource(own.ToCredential()));

    public void Dispose()
    {
        Intermediate.Dispose();
        Root.Dispose();
    }
}

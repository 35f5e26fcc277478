using ZeroTrust.Mtls.Tests.Support;
using ZeroTrust.X509;

namespace ZeroTrust.Mtls.Tests.Sources;

public sealed class DenyListFileTests : IDisposable
{
    private readonly FileWorld _world = new();

    public DenyListFileTests() => Deny("# nobody yet\n");

    public void Dispose() => _world.Dispose();

    [Fact]
    public void Workloads_leaves_and_serial_numbers_are_denied_at_once_under_the_same_bundles()
    {
        var source = _world.NewBundleSource();
        var verifier = World.NewVerifier(source, _world.World.Time);
        var peer = Check.Accepted(verifier.Verify(_world.Current.ToPeerCertificates(), PeerRole.Client));
        var bundle = Assert.Single(source.GetBundles());
        var issuer = _world.Write("a folder.pem", _world.World.Intermediate.Certificate.ExportCertificatePem());

        Expect(MtlsRejectionReason.WorkloadDenied, $"workload {World.Orders}");
        Expect(X509RejectionReason.Denied, $"leaf {peer.LeafSha256}");
        Expect(X509RejectionReason.Denied, $"leaf {peer.LeafSha256.ToUpperInvariant()}");
        Expect(X509RejectionReason.Denied, $"serial {_world.Current.Certificate.SerialNumber} {issuer}");
        Deny($"workload {World.Billing}\nleaf {new string('0', 64)}\nserial 0a1b {issuer}\n");
        Assert.True(source.Reload());
        Check.Accepted(verifier.Recheck(peer));
        Assert.Same(bundle, Assert.Single(source.GetBundles()));

        void Expect(Enum reason, string line)
        {
            Deny($"\n  # why\r\n\t{line} \r\n");
            Assert.True(source.Reload());
            var verdict = verifier.Recheck(peer);
            _ = reason is MtlsRejectionReason own ? Check.Refused(verdict, own) : Check.Refused(verdict, (X509RejectionReason)reason);
        }
    }

    [Theory]
    [InlineData("workload orders")]
    [InlineData("workload spiffe://example.test")]
    [InlineData("workload")]
    [InlineData("workload spiffe://example.test/orders spiffe://example.test/billing")]
    [InlineData("leaf 00")]
    [InlineData("serial 01")]
    [InlineData("serial xy {issuer}")]
    [InlineData("serial 01 /absent.pem")]
    [InlineData("serial 01 {list}")]
    [InlineData("Workload spiffe://example.test/orders")]
    [InlineData("spiffe://example.test/orders")]
    public void A_line_that_cannot_be_read_refuses_the_file(string line)
    {
        var issuer = _world.Write("issuer.pem", _world.World.Intermediate.Certificate.ExportCertificatePem());
        Deny($"workload {World.Orders}");
        var source = _world.NewBundleSource();
        var before = source.GetBundles();

        Deny($"# a comment\n{line.Replace("{issuer}", issuer, StringComparison.Ordinal).Replace("{list}", _world.Options.DenyListFile, StringComparison.Ordinal)}\n");

        Assert.False(source.Reload());
        Assert.False(source.Reload());
        Assert.Same(before, source.GetBundles());
        Assert.StartsWith("ZeroTrust:Mtls:DenyListFile: ", source.Failure, StringComparison.Ordinal);
        FileWorld.Refused(_world.NewBundleSource, "DenyListFile: ");
    }

    [Fact]
    public void A_list_that_disappears_stays_in_use()
    {
        Deny($"workload {World.Orders}");
        var source = _world.NewBundleSource();
        File.Delete(_world.Options.DenyListFile!);

        Assert.False(source.Reload());
        Assert.False(source.Reload());
        Assert.True(source.GetBundles().Denied.Denies(WorkloadId.Parse(World.Orders)));
        Assert.Contains("cannot be read", source.Failure, StringComparison.Ordinal);
    }

    private void Deny(string text) => _world.Options.DenyListFile = _world.Write("denied.txt", text);
}

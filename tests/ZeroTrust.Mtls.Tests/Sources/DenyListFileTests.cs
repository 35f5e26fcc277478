using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
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
        Deny($"workload {World.Billing}\nleaf {new string('0', 64)}\nserial 0a1b {issuer}\nend\n");
        Assert.True(source.Reload());
        Check.Accepted(verifier.Recheck(peer));
        Assert.Same(bundle, Assert.Single(source.GetBundles()));

        void Expect(Enum reason, string line)
        {
            Deny($"\n  # why\r\n\t{line} \r\nend\n");
            Assert.True(source.Reload());
            var verdict = verifier.Recheck(peer);
            _ = reason is MtlsRejectionReason own ? Check.Refused(verdict, own) : Check.Refused(verdict, (X509RejectionReason)reason);
        }
    }

    [Theory]
    [InlineData("workload {id} # stolen on Monday")]
    [InlineData("workload {id}\t#stolen")]
    [InlineData("Workload: {id}")]
    [InlineData("{id}")]
    [InlineData("leaf {colons}")]
    [InlineData("leaf SHA256:{leaf}")]
    [InlineData("{leaf}")]
    [InlineData("sha256 Fingerprint={colons}")]
    [InlineData("leaf SHA256 Fingerprint={colons}")]
    [InlineData("serial 0x{serial} {issuer}")]
    [InlineData("serial serial={serial} {issuer}")]
    [InlineData("serial 00:{serial} {issuer}")]
    [InlineData("SERIAL {serial} {issuer} # of the old laptop")]
    public void Lines_are_read_as_people_and_tools_write_them(string line)
    {
        var source = _world.NewBundleSource();
        Deny("\ufeff" + Fill(line) + "\r\n");

        Assert.True(source.Reload());
        Assert.Null(source.Failure);
        Assert.True(IsDenied(source));
    }

    [Theory]
    [InlineData("workload orders")]
    [InlineData("workload spiffe://example.test")]
    [InlineData("workload")]
    [InlineData("workload spiffe://example.test/orders spiffe://example.test/billing")]
    [InlineData("leaf 00")]
    [InlineData("leaf {leaf}00")]
    [InlineData("serial 01")]
    [InlineData("serial xy {issuer}")]
    [InlineData("serial 01 /absent.pem")]
    [InlineData("serial 01 {list}")]
    [InlineData("{id},")]
    [InlineData("work")]
    public void The_other_lines_of_a_list_with_one_that_cannot_be_read_take_effect_at_once(string line)
    {
        Deny($"workload {World.Billing}\n");
        var source = _world.NewBundleSource();

        Deny($"workload {World.Billing}\n{Fill(line)}\nworkload {World.Orders}\n");

        Assert.True(source.Reload());
        Assert.True(IsDenied(source) && source.GetBundles().Denied.Denies(WorkloadId.Parse(World.Billing)));
        Assert.StartsWith("line 2 ", source.Failure, StringComparison.Ordinal);
        Assert.EndsWith("the other lines hold", source.Failure, StringComparison.Ordinal);
        Assert.Equal(LogLevel.Warning, Assert.Single(_world.Told("SourceDoubted")).Level);
        Assert.Contains("line 2", FileWorld.Refused(_world.NewBundleSource, "DenyListFile: "), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    [InlineData("# nobody\n")]
    [InlineData("workload spiffe://example.test/bil")]
    [InlineData("workload spiffe://example.test/billing\n")]
    [InlineData("workload spiffe://example.test/billing\nworkload spiffe://example.test/ord")]
    [InlineData("workload spiffe://example.test/billing\nen")]
    [InlineData("workload spiffe://example.test/billing\nwork")]
    [InlineData("end\nworkload spiffe://example.test/billing\n")]
    public void Who_is_no_longer_on_a_list_that_does_not_say_it_is_whole_stays_denied(string cut)
    {
        Deny($"workload {World.Billing}\nworkload {World.Orders}\nend\n");
        var source = _world.NewBundleSource();
        Deny(cut);

        source.Reload();
        source.Reload();
        Assert.True(IsDenied(source) && source.GetBundles().Denied.Denies(WorkloadId.Parse(World.Billing)));
        Assert.NotNull(source.Failure);
        Assert.Single(_world.Logs.GetSnapshot(), record => record.Level == LogLevel.Warning);
    }

    [Theory]
    [InlineData("end")]
    [InlineData("END # nobody is left\n")]
    [InlineData("# nobody\nend\n\n# so it is\n")]
    [InlineData("workload spiffe://example.test/billing\nend\n")]
    public void Who_is_no_longer_on_a_list_that_says_it_is_whole_is_let_in(string whole)
    {
        Deny($"workload {World.Billing}\nworkload {World.Orders}\n");
        var source = _world.NewBundleSource();
        Deny(whole);

        Assert.True(source.Reload());
        Assert.False(IsDenied(source));
        Assert.Null(source.Failure);
        var told = Assert.Single(_world.Told("SourceShrank"));
        Assert.Contains(" of 2 that were denied are no longer", told.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_doubted_is_forgotten_once_the_list_is_whole()
    {
        Deny($"workload {World.Orders}\n");
        var source = _world.NewBundleSource();
        Deny("# cut\n");
        Assert.True(source.Reload());
        Assert.Contains("1 of 1 that were denied are missing and stay denied", source.Failure, StringComparison.Ordinal);

        Deny($"workload {World.Orders}\n");
        Assert.True(source.Reload());
        Assert.Null(source.Failure);
        Assert.True(IsDenied(source));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \n")]
    public void An_empty_list_is_refused_at_start(string text)
    {
        Deny(text);

        FileWorld.Refused(_world.NewBundleSource, "DenyListFile: ", text.Length == 0 ? "it is empty" : "nothing but white space");
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

    private bool IsDenied(FileTrustBundleSource source) =>
        !World.NewVerifier(source, _world.World.Time).Verify(_world.Current.ToPeerCertificates(), PeerRole.Client).IsAccepted;

    private string Fill(string line)
    {
        var leaf = _world.Current.Certificate.GetCertHashString(HashAlgorithmName.SHA256);
        return line
            .Replace("{id}", World.Orders, StringComparison.Ordinal)
            .Replace("{leaf}", leaf, StringComparison.Ordinal)
            .Replace("{colons}", string.Join(':', leaf.Chunk(2).Select(octet => new string(octet))), StringComparison.Ordinal)
            .Replace("{serial}", _world.Current.Certificate.SerialNumber, StringComparison.Ordinal)
            .Replace("{issuer}", _world.Write("issuer.pem", _world.World.Intermediate.Certificate.ExportCertificatePem()), StringComparison.Ordinal)
            .Replace("{list}", _world.Options.DenyListFile, StringComparison.Ordinal);
    }

    private void Deny(string text) => _world.Options.DenyListFile = _world.Write("denied.txt", text);
}

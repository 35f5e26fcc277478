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
    [InlineData("leaf 0x{leaf}")]
    [InlineData("0X{leaf}")]
    [InlineData("leaf {dashes}")]
    [InlineData("leaf SHA256:0x{leaf}")]
    [InlineData("serial 0x{serial} {issuer}")]
    [InlineData("serial={serial} {issuer}")]
    [InlineData("workload {id}\rend\r")]
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
    [InlineData("serial 365832185062316023402379487349872394872349871234 {issuer}")]
    [InlineData("serial 0x010203040506070809101112131415161718192021 {issuer}")]
    [InlineData("serial 12345678901234567890 {issuer}")]
    [InlineData("leaf 0x{leaf}00")]
    [InlineData("leaf 0x0x{leaf}")]
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

    [Theory]
    [InlineData("workload {id}\nend\n", "it has zero bytes at its end")]
    [InlineData("workload {id}\n", "it has zero bytes at its end")]
    [InlineData("workload {id}", "it has zero bytes at its end")]
    [InlineData("\0\0\nworkload {id}\nend\n", "line 1 holds zero bytes")]
    [InlineData("\ufeffworkload {id}\n\0\0\nend", "line 2 holds zero bytes")]
    public void The_lines_of_a_list_with_zero_bytes_hold(string text, string fault)
    {
        Deny($"workload {World.Billing}\nend\n");
        var source = _world.NewBundleSource();

        Deny(Fill(text) + new string('\0', 512));

        Assert.True(source.Reload());
        Assert.True(IsDenied(source) && source.GetBundles().Denied.Denies(WorkloadId.Parse(World.Billing)));
        Assert.Contains(fault + ": it was not written to the end", source.Failure, StringComparison.Ordinal);
        FileWorld.Refused(_world.NewBundleSource, "DenyListFile: ", fault);

        Deny($"workload {World.Billing}\nend\n");
        Assert.True(source.Reload());
        Assert.False(IsDenied(source));
    }

    [Fact]
    public void A_list_that_was_never_written_or_is_no_text_is_not_taken()
    {
        Deny($"workload {World.Billing}\nend\n");
        var source = _world.NewBundleSource();

        Fails([.. new byte[64]], "nothing but zero bytes");
        Fails([0xD0, 0xCF, 0x11, 0xE0, 0, 0, 1, 2, 3, 0, 0xFE], "neither PEM nor DER");

        void Fails(byte[] content, string fault)
        {
            _world.Write("denied.txt", content);
            Assert.False(source.Reload() || source.Reload());
            Assert.Contains(fault, source.Failure, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("garbage\nend\n", "stay denied until every line can be read; line 1 cannot be read: it is neither")]
    [InlineData("end\nworkload spiffe://example.test/other\n", "stay denied until every line can be read; line 2 is behind 'end' of line 1")]
    [InlineData("serial 01 /absent.pem\nend\n", "stay denied until every line can be read; line 1 names '/absent.pem'")]
    [InlineData("garbage\n", "stay denied, as the last line is not 'end'; line 1 cannot be read: it is neither")]
    public void Why_the_missing_stay_denied_is_told_as_it_is(string text, string doubt)
    {
        Deny($"workload {World.Orders}\nend\n");
        var source = _world.NewBundleSource();

        Deny(text);
        source.Reload();

        Assert.True(IsDenied(source));
        Assert.Contains(doubt, source.Failure, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("serial 365832185062316023402379487349872394872349871234 {issuer}", "line 1 cannot be read: its serial number has 24 octets, and none has more than 20")]
    [InlineData("serial 12345678901234567890 {issuer}", "line 1 cannot be read: its serial number may be decimal; write it as hexadecimal, with 0x before it")]
    public void A_serial_number_that_is_hardly_hexadecimal_is_told(string line, string fault)
    {
        Deny(Fill(line));

        FileWorld.Refused(_world.NewBundleSource, "DenyListFile: ", fault);
    }

    [Theory]
    [InlineData("serial 0x12345678901234567890 {issuer}")]
    [InlineData("serial 12:34:56:78:90:12:34:56:78:90 {issuer}")]
    [InlineData("serial 123456789012345678 {issuer}")]
    [InlineData("serial 000102030405060708091011121314151617181920 {issuer}")]
    public void A_hexadecimal_serial_number_without_a_letter_is_read(string line)
    {
        Deny(Fill(line.Replace("serial 0001", "serial 0xA1", StringComparison.Ordinal)));

        Assert.False(_world.NewBundleSource().GetBundles().Denied.IsEmpty);
    }

    [Fact]
    public void A_list_of_a_hundred_thousand_is_read_and_a_larger_one_is_refused_with_the_limit()
    {
        var lines = string.Concat(Enumerable.Range(0, 100_000).Select(number => $"leaf {number:x64}\n"));
        Deny(lines + $"workload {World.Orders}\nend\n");
        var source = _world.NewBundleSource();
        Assert.True(IsDenied(source));

        Deny(lines + lines);
        Assert.False(source.Reload() || source.Reload());
        Assert.Contains("is larger than 8388608 bytes", source.Failure, StringComparison.Ordinal);
        Assert.True(IsDenied(source));
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
            .Replace("{dashes}", string.Join('-', leaf.Chunk(2).Select(octet => new string(octet))), StringComparison.Ordinal)
            .Replace("{serial}", _world.Current.Certificate.SerialNumber, StringComparison.Ordinal)
            .Replace("{issuer}", _world.Write("issuer.pem", _world.World.Intermediate.Certificate.ExportCertificatePem()), StringComparison.Ordinal)
            .Replace("{list}", _world.Options.DenyListFile, StringComparison.Ordinal);
    }

    private void Deny(string text) => _world.Options.DenyListFile = _world.Write("denied.txt", text);
}

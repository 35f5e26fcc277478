using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ZeroTrust.Mtls.Tests.Support;
using ZeroTrust.X509;

namespace ZeroTrust.Mtls.Tests.Sources;

/// <summary>CRLs from files, from their forms to the verdict about a peer.</summary>
public sealed class CrlFilesTests : IDisposable
{
    private const string CrlFile = "TrustDomains:example.test:CrlFiles:0: ";

    private readonly FileWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public void Crls_are_read_from_pem_and_der()
    {
        Publish(FileWorld.Pem(Root(), Issuing()));
        Check.Accepted(Verify(_world.NewBundleSource()));

        _world.Domain.CrlFiles = [_world.Write("root.crl", Root().Der.Span), _world.Write("issuing.crl", Issuing().Der.Span)];
        Check.Accepted(Verify(_world.NewBundleSource()));
    }

    [Fact]
    public void An_unknown_status_refuses_unless_code_says_otherwise()
    {
        Publish(FileWorld.Pem(Root()));

        Check.Refused(Verify(_world.NewBundleSource()), X509RejectionReason.RevocationStatusUnavailable);
        var source = _world.NewBundleSource(FileWorld.Dangers(dangers => dangers.AllowUnknownRevocation(World.Domain, "a test")));
        Check.Accepted(Verify(source));
        Assert.Equal([new("mtls.unknown_revocation:example.test", "a test")], BundleOf(source).Weakenings);
        Publish(FileWorld.Pem(Root(), Issuing(_world.Current.Certificate)));
        Assert.True(source.Reload());
        Check.Refused(Verify(source), X509RejectionReason.Revoked);
    }

    [Fact]
    public void Crls_and_no_revocation_contradict_each_other()
    {
        Publish(FileWorld.Pem(Root(), Issuing()));

        FileWorld.Refused(
            () => _world.NewBundleSource(FileWorld.Dangers(dangers => dangers.AllowNoRevocation(World.Domain, "a test"))),
            "TrustDomains:example.test:AnchorFile: code allows no revocation");
    }

    [Fact]
    public void A_published_revocation_holds_under_the_same_anchors()
    {
        Publish(FileWorld.Pem(Root(), Issuing()));
        var source = _world.NewBundleSource();
        var before = BundleOf(source);
        Check.Accepted(Verify(source));
        Assert.Null(before.MaxLeafLifetime);

        Publish(FileWorld.Pem(Root(), Issuing(_world.Current.Certificate)));

        Assert.True(source.Reload());
        Check.Refused(Verify(source), X509RejectionReason.Revoked);
        Assert.Same(before.Anchors, BundleOf(source).Anchors);
        Assert.NotSame(before, BundleOf(source));
    }

    [Fact]
    public void New_anchors_take_the_crls_along()
    {
        Publish(FileWorld.Pem(Root(), Issuing(_world.Current.Certificate)));
        var source = _world.NewBundleSource();
        var before = BundleOf(source);

        File.AppendAllText(_world.Domain.AnchorFile!, "\n");

        Assert.True(source.Reload());
        Assert.NotSame(before.Anchors, BundleOf(source).Anchors);
        Check.Refused(Verify(source), X509RejectionReason.Revoked);
    }

    [Fact]
    public void An_older_crl_is_refused_until_a_restart()
    {
        var (root, older) = (Root(), Issuing());
        Publish(FileWorld.Pem(root, Issuing(_world.Current.Certificate)));
        var source = _world.NewBundleSource();

        Publish(FileWorld.Pem(root, older));
        Assert.False(source.Reload());
        Assert.False(source.Reload());
        Check.Refused(Verify(source), X509RejectionReason.Revoked);
        Assert.Contains("is older than the one in use", source.Failure, StringComparison.Ordinal);

        Check.Accepted(Verify(_world.NewBundleSource()));
        Publish(FileWorld.Pem(root, Issuing()));
        Assert.True(source.Reload());
        Check.Accepted(Verify(source));
        Assert.Null(source.Failure);
    }

    [Fact]
    public void An_older_crl_beside_the_current_or_a_later_one_is_none_in_its_place()
    {
        var (root, older, current) = (Root(), Issuing(), Issuing(_world.Current.Certificate));
        Publish(FileWorld.Pem(root, older, current));
        var source = _world.NewBundleSource();

        Publish(FileWorld.Pem(current, older, root));
        Assert.True(source.Reload());
        Check.Refused(Verify(source), X509RejectionReason.Revoked);
        Publish(FileWorld.Pem(older, root, Issuing()));
        Assert.True(source.Reload());
        Check.Accepted(Verify(source));
    }

    [Fact]
    public void What_is_no_usable_crl_is_an_error_of_the_configuration()
    {
        foreach (var text in new[] { string.Empty, "nothing" })
        {
            Publish(text);
            FileWorld.Refused(_world.NewBundleSource, CrlFile, "holds no usable CRLs: it");
        }

        foreach (var text in new[] { _world.World.Root.AnchorPem, FileWorld.Pem(Root()) + "\n" + _world.World.Root.AnchorPem })
        {
            Publish(text);
            FileWorld.Refused(_world.NewBundleSource, CrlFile, "block; CRLs are wanted here");
        }

        _world.Domain.CrlFiles = [_world.Write("crl.der", [.. Root().Der.Span, 1])];
        FileWorld.Refused(_world.NewBundleSource, CrlFile, "holds no usable CRLs: it has 1 bytes behind its end");

        // The CRL number under another identifier: a CRL without one is never used.
        var unnumbered = Root().Der.ToArray();
        unnumbered[unnumbered.AsSpan().IndexOf((ReadOnlySpan<byte>)[0x06, 0x03, 0x55, 0x1D, 0x14]) + 4] = 0x7F;
        _world.Domain.CrlFiles = [_world.Write("crl.der", unnumbered)];
        FileWorld.Refused(_world.NewBundleSource, CrlFile, ", CN=root");
        _world.Domain.CrlFiles = ["absent.crl"];
        FileWorld.Refused(_world.NewBundleSource, CrlFile + "'absent.crl' cannot be read");
    }

    [Fact]
    public void A_bad_file_keeps_the_last_good_crls()
    {
        Publish(FileWorld.Pem(Root(), Issuing(_world.Current.Certificate)));
        var source = _world.NewBundleSource();
        var before = source.GetBundles();

        Publish(FileWorld.Pem(Root())[..^10]);

        Assert.False(source.Reload());
        Assert.False(source.Reload());
        Assert.Same(before, source.GetBundles());
        Assert.Single(_world.Told("SourceReloadFailed"));
    }

    [Fact]
    public void A_crl_may_be_larger_than_other_files()
    {
        const int Entries = 60_000;
        var builder = new CertificateRevocationListBuilder();
        for (var serial = 0; serial < Entries; serial++)
        {
            builder.AddEntry([0x40, (byte)(serial >> 16), (byte)(serial >> 8), (byte)serial], World.Start);
        }

        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var generator = X509SignatureGenerator.CreateForECDsa(key);
        var keyId = X509AuthorityKeyIdentifierExtension.CreateFromSubjectKeyIdentifier(new X509SubjectKeyIdentifierExtension(generator.PublicKey, critical: false));
        var large = builder.Build(new X500DistinguishedName("CN=CA"), generator, 1, World.Start.AddDays(1), HashAlgorithmName.SHA256, keyId, World.Start);
        _world.Domain.CrlFiles = [_world.Write("large.crl", large)];

        Assert.True(large.Length > 1024 * 1024);
        Assert.Equal(Entries, Assert.Single(BundleOf(_world.NewBundleSource()).Crls!).Count);
    }

    private static TrustBundle BundleOf(FileTrustBundleSource source) => Assert.Single(source.GetBundles());

    private CertificateRevocationList Root() => _world.World.Root.IssueCrl([]);

    private CertificateRevocationList Issuing(params X509Certificate2[] revoked) => _world.World.Intermediate.IssueCrl(revoked);

    private void Publish(string text) => _world.Domain.CrlFiles = [_world.Write("crl.pem", text)];

    private Verdict<VerifiedPeer> Verify(FileTrustBundleSource source) =>
        World.NewVerifier(source, _world.World.Time).Verify(_world.Current.ToPeerCertificates(), PeerRole.Client);
}

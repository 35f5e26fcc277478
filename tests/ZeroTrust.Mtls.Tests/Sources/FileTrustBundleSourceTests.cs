using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ZeroTrust.Mtls.Tests.Support;
using ZeroTrust.Testing;

namespace ZeroTrust.Mtls.Tests.Sources;

public sealed class FileTrustBundleSourceTests : IDisposable
{
    private const string AnchorFile = "TrustDomains:example.test:AnchorFile: ";

    private readonly FileWorld _world = new();

    private TrustDomainOptions Domain => _world.Domain;

    private X509Certificate2 Root => _world.World.Root.Certificate;

    public void Dispose() => _world.Dispose();

    [Fact]
    public void Anchors_are_loaded_and_their_rotation_is_seen()
    {
        var source = _world.NewBundleSource();
        var token = source.GetReloadToken();
        AssertRoot(source);

        using var next = TestCertificateAuthority.Create("next", _world.World.Time);
        File.WriteAllText(Domain.AnchorFile!, _world.World.Root.AnchorPem + "\n" + next.AnchorPem);

        Assert.True(source.Reload());
        Assert.True(token.HasChanged);
        Assert.Equal(2, BundleOf(source).Anchors.Count);
    }

    [Fact]
    public void Anchors_may_be_der()
    {
        Domain.AnchorFile = _world.Write("ca.der", Root.RawData);

        AssertRoot(_world.NewBundleSource());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("secret")]
    public void Anchors_may_be_pkcs12_and_its_password_is_asked(string? password)
    {
        Domain.AnchorFile = _world.Write("ca.p12", new X509Certificate2Collection(Root).Export(X509ContentType.Pfx, password)!);
        Domain.AnchorPassword = password;
        AssertRoot(_world.NewBundleSource());

        Domain.AnchorPassword = "wrong";
        FileWorld.Refused(_world.NewBundleSource, AnchorFile, "holds no usable anchors: it is PKCS#12");
    }

    [Fact]
    public void One_bad_anchor_is_named_and_the_others_are_trusted()
    {
        using var weak = _world.World.Intermediate.Issue(World.Billing);
        File.AppendAllText(Domain.AnchorFile!, $"\n{weak.Certificate.ExportCertificatePem()}\n");

        var source = _world.NewBundleSource();

        Assert.Single(Assert.Single(source.GetBundles()).Anchors);
        Assert.StartsWith("not trusted: anchor 2 of 2, x509.", source.Failure, StringComparison.Ordinal);
        source.Poll();
        Assert.Contains("anchor 2 of 2", Assert.Single(_world.Told("SourceDoubted")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_private_key_has_no_place_among_anchors()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=own", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, critical: true));
        using var authority = request.CreateSelfSigned(World.Start, World.Start.AddYears(1));

        Domain.AnchorFile = _world.Write("ca.p12", authority.Export(X509ContentType.Pfx));
        FileWorld.Refused(_world.NewBundleSource, AnchorFile, "holds no usable anchors: a private key");
        Domain.AnchorFile = _world.Write("ca.pem", authority.ExportCertificatePem());
        _world.NewBundleSource();
    }

    [Fact]
    public void A_file_without_anchors_keeps_the_last_good_ones()
    {
        var source = _world.NewBundleSource();
        var before = source.GetBundles();
        File.WriteAllText(Domain.AnchorFile!, string.Empty);

        Assert.False(source.Reload());
        Assert.False(source.Reload());
        Assert.Same(before, source.GetBundles());
        Assert.Single(_world.Told("SourceReloadFailed"));
        Assert.StartsWith("ZeroTrust:Mtls:" + AnchorFile, source.Failure, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_no_anchor_is_an_error_of_the_configuration()
    {
        File.WriteAllText(Domain.AnchorFile!, _world.Current.Certificate.ExportCertificatePem());
        FileWorld.Refused(_world.NewBundleSource, AnchorFile);
        using var weak = TestCertificateAuthority.Create(options => options.Key = TestKeyAlgorithm.Rsa1024);
        File.WriteAllText(Domain.AnchorFile!, weak.AnchorPem);
        FileWorld.Refused(_world.NewBundleSource, AnchorFile);
        File.WriteAllText(Domain.AnchorFile!, new string('\n', 1024 * 1024) + _world.World.Root.AnchorPem);
        FileWorld.Refused(_world.NewBundleSource, AnchorFile + $"'{Domain.AnchorFile}' is larger than");
        Domain.AnchorFile = null;
        FileWorld.Refused(_world.NewBundleSource, AnchorFile);
        _world.Options.TrustDomains.Clear();
        FileWorld.Refused(_world.NewBundleSource, "TrustDomains: ");
    }

    [Fact]
    public void A_file_touches_the_bundle_of_its_own_trust_domain_alone()
    {
        using var other = TestCertificateAuthority.Create("other", _world.World.Time);
        _world.Options.TrustDomains["other.test"] = new TrustDomainOptions { AnchorFile = _world.Write("other.pem", other.AnchorPem) };
        var source = _world.NewBundleSource();
        var (mine, theirs) = (BundleOf(source), BundleOf(source, "other.test"));

        File.WriteAllText(_world.Options.TrustDomains["other.test"].AnchorFile!, other.AnchorPem + "\n" + _world.World.Root.AnchorPem);

        Assert.True(source.Reload());
        Assert.Same(mine, BundleOf(source));
        Assert.NotSame(theirs, BundleOf(source, "other.test"));
        File.WriteAllText(Domain.AnchorFile!, "nothing");
        File.WriteAllText(_world.Options.TrustDomains["other.test"].AnchorFile!, other.AnchorPem);
        Assert.True(source.Reload());
        Assert.Same(mine, BundleOf(source));
        Assert.Single(BundleOf(source, "other.test").Anchors);
    }

    [Fact]
    public void Without_crls_the_lifetime_is_limited_unless_code_says_otherwise()
    {
        Assert.Equal(TimeSpan.FromHours(24), BundleOf(_world.NewBundleSource()).MaxLeafLifetime);
        var allowed = FileWorld.Dangers(dangers => dangers.AllowNoRevocation(World.Domain, "a test"));
        var bundle = BundleOf(_world.NewBundleSource(allowed));
        Assert.Null(bundle.MaxLeafLifetime);
        Assert.Equal([new("mtls.no_revocation:example.test", "a test")], bundle.Weakenings);

        Domain.MaxLeafLifetime = TimeSpan.FromHours(1);
        Assert.Equal(TimeSpan.FromHours(1), BundleOf(_world.NewBundleSource()).MaxLeafLifetime);
        FileWorld.Refused(() => _world.NewBundleSource(allowed), AnchorFile + "code allows no revocation");
    }

    [Fact]
    public void Code_weakens_only_what_is_there()
    {
        FileWorld.Refused(
            () => _world.NewBundleSource(FileWorld.Dangers(dangers => dangers.AllowNoRevocation("other.test", "a test"))),
            "TrustDomains:other.test: missing");
        FileWorld.Refused(
            () => _world.NewBundleSource(FileWorld.Dangers(dangers => dangers.AllowUnknownRevocation(World.Domain, "a test"))),
            AnchorFile + "code allows unknown revocation");
    }

    [Fact]
    public void The_platforms_veto_is_asked_unless_code_says_otherwise()
    {
        var skipped = BundleOf(_world.NewBundleSource(FileWorld.Dangers(dangers => dangers.SkipPlatformVeto("a test"))));

        Assert.False(skipped.Policy.PlatformVeto);
        Assert.Equal([new("mtls.no_platform_veto", "a test")], skipped.Weakenings);
        Assert.True(BundleOf(_world.NewBundleSource()).Policy.PlatformVeto);
    }

    private static TrustBundle BundleOf(FileTrustBundleSource source, string domain = World.Domain)
    {
        Assert.True(source.GetBundles().TryGet(TrustDomain.Parse(domain), out var bundle));
        return bundle;
    }

    private void AssertRoot(FileTrustBundleSource source) =>
        Assert.True(Assert.Single(BundleOf(source).Anchors).Der.Span.SequenceEqual(Root.RawData));
}

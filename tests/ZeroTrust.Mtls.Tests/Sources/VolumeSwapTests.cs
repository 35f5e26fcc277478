using ZeroTrust.Mtls.Tests.Support;
using ZeroTrust.X509;

namespace ZeroTrust.Mtls.Tests.Sources;

/// <summary>Files in a volume as Kubernetes mounts it: links into a folder that is itself a link, which is swapped.</summary>
public sealed class VolumeSwapTests : IDisposable
{
    private readonly FileWorld _world = new();
    private int _versions;

    public VolumeSwapTests()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Symbolic links need privileges on Windows.");
        Swap();
        foreach (var name in new[] { "orders.pem", "orders.key", "ca.pem", "crl.pem" })
        {
            File.CreateSymbolicLink(PathOf(name), Path.Combine("..data", name));
        }

        _world.Options.Credential.CertificateFile = PathOf("orders.pem");
        _world.Options.Credential.KeyFile = PathOf("orders.key");
        _world.Domain.AnchorFile = PathOf("ca.pem");
        _world.Domain.CrlFiles = [PathOf("crl.pem")];
    }

    public void Dispose() => _world.Dispose();

    [Fact]
    public void A_swapped_volume_brings_certificate_and_key_together()
    {
        var source = _world.NewCredentialSource();
        _world.Rotate();
        Swap();

        Assert.True(source.Poll());
        Assert.Equal(_world.Current.Certificate.Thumbprint, source.GetCredential().Certificate.Thumbprint);
        Assert.False(source.Poll());
    }

    [Fact]
    public void A_swapped_volume_brings_anchors()
    {
        var source = _world.NewBundleSource();
        var before = Assert.Single(source.GetBundles());
        Swap(moreAnchors: _world.World.Intermediate.Certificate.ExportCertificatePem());

        Assert.True(source.Poll());
        Assert.Equal(before.Anchors.Count + 1, Assert.Single(source.GetBundles()).Anchors.Count);
    }

    [Fact]
    public void A_swapped_volume_brings_crls_and_leaves_the_anchors()
    {
        var source = _world.NewBundleSource();
        var before = Assert.Single(source.GetBundles());
        var verifier = World.NewVerifier(source, _world.World.Time);
        var peer = Check.Accepted(verifier.Verify(_world.Current.ToPeerCertificates(), PeerRole.Client));
        Swap(revoked: true);

        Assert.True(source.Poll());
        Check.Refused(verifier.Recheck(peer), X509RejectionReason.Revoked);
        Assert.Same(before.Anchors, Assert.Single(source.GetBundles()).Anchors);
    }

    private string PathOf(string name) => Path.Combine(_world.Folder, "volume", name);

    private void Swap(bool revoked = false, string moreAnchors = "")
    {
        var version = $"..version_{++_versions}";
        var folder = Directory.CreateDirectory(PathOf(version)).FullName;
        _world.Current.WriteTo(folder, "orders");
        File.WriteAllText(Path.Combine(folder, "ca.pem"), _world.World.Root.AnchorPem + "\n" + moreAnchors);
        File.WriteAllText(
            Path.Combine(folder, "crl.pem"),
            FileWorld.Pem(_world.World.Root.IssueCrl([]), _world.World.Intermediate.IssueCrl(revoked ? [_world.Current.Certificate] : [])));
        if (_versions > 1)
        {
            Directory.Delete(PathOf("..data"));
        }

        Directory.CreateSymbolicLink(PathOf("..data"), version);
    }
}
